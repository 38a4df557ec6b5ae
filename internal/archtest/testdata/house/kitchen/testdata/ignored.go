package broken

import _ "testing"
