// Package decimal is the one exact number of the product: at most 34
// significant digits, exponent between -20 and +20. It is the only importer of apd.
package decimal
