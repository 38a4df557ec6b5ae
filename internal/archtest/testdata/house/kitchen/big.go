package kitchen

import (
	_ "example.com/house/kitchen/stove"
	_ "lib.example/knife"
)

type pot struct{}

func cook() {
	_ = 1
	_ = 2
	_ = 3
	_ = 4
	_ = 5
}

func (p *pot) boil() {
	_ = 1
	_ = 2
	_ = 3
	_ = 4
	_ = 5
}

type Guest interface {
	Eat()
	Drink()
	Pay()
}
