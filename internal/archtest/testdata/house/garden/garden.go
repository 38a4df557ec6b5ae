package garden

import (
	_ "example.com/house/cellar/celltest"
	_ "lib.example/rake"
	_ "lib.example/spade"
)
