package celltest

import (
	_ "testing"

	_ "lib.example/spade"
)
