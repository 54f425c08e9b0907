// Package architecture keeps the import rules of the house by test: which
// package may know which, and why. It holds no code of the product.
package architecture
