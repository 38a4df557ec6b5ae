package nested

import _ "testing"
