// Package rbac answers who may do what, and why. It is the only importer of
// casbin: each tenant and app has a small enforcer, whose answers are compiled
// into one immutable Plan per subject; every path of the product asks the plan.
//
// The way of a definition: an access group becomes policy rules (group, form,
// operation) and membership rules (member → group). NewEngine puts every
// question those rules can answer to the enforcer once and keeps the answers
// per member; Plan adds up the answers of the members that a subject is, and
// binds the row ranges to him. Nothing is granted that the enforcer refused.
package rbac
