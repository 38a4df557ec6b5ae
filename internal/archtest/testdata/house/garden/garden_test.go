package garden

import (
	_ "example.com/house/kitchen"
	_ "lib.example/spade"
	_ "testing"
)
