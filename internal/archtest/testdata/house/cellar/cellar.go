package cellar

import (
	_ "example.com/house/garden"
	_ "lib.example/knife/sharp"
	_ "testing"
)
