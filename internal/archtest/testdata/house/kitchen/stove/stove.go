package stove

import _ "example.com/house/kitchen"
