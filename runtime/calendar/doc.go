// Package calendar counts working time: which days and hours an organisation
// works, with its holidays and shift days (调休), and when so many working
// minutes or days are over. Calendar and its methods are pure; Service keeps
// the calendars of one tenant.
package calendar
