package record

import (
	"strconv"
	"testing"

	"github.com/formwork-run/formwork/rbac"
)

func TestRightsAreWorkedOutOnce(t *testing.T) {
	t.Parallel()
	k, asked := &knownRights{}, map[string]int{}
	work := func(path string) rbac.FieldRight {
		asked[path]++
		n, _ := strconv.Atoi(path)
		return rbac.FieldRight(n % 4)
	}
	for range 3 {
		for i := range 3 * fewRights {
			if got := k.of(strconv.Itoa(i), work); got != rbac.FieldRight(i%4) {
				t.Fatalf("right over %d is %v", i, got)
			}
		}
	}
	for path, n := range asked {
		if n != 1 {
			t.Errorf("the right over %s was worked out %d times", path, n)
		}
	}
}
