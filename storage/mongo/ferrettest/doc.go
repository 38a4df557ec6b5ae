// Package ferrettest holds no code but tests: they run storage/mongo, through the
// real driver, against FerretDB v1 over SQLite in this process. It is a module of
// its own, so that the product does not link FerretDB.
//
// FerretDB v1 is not MongoDB. What it cannot do is named, case by case with the
// reason, and runs on a real server:
//
//	FORMWORK_TEST_MONGODB=mongodb://… go test ./storage/mongo
package ferrettest
