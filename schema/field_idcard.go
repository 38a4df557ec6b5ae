package schema

import (
	"strings"

	"github.com/formwork-run/formwork/internal/fault"
	"github.com/formwork-run/formwork/schema/internal/ordjson"
)

// idcardField is a Chinese resident identity number: 18 characters with a
// right check digit (GB 11643), or the old 15 digits. A final x is stored as X.
type idcardField struct{ textKind }

func (idcardField) Info() Info { return textInfo(TypeIDCard) }

func (idcardField) decode(_ *Codec, v ordjson.Value) (any, []fault.Field) {
	s, errs := decodeText(v, false)
	if errs != nil || s == "" {
		return nil, errs
	}
	s = strings.ToUpper(s)
	if !validIDCard(s) {
		return nil, badFormat("idcard", "not a valid identity number")
	}
	return s, nil
}

var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

func validIDCard(s string) bool {
	day := ""
	switch len(s) {
	case 15:
		day = "19" + s[6:8] + "-" + s[8:10] + "-" + s[10:12]
	case 18:
		day = s[6:10] + "-" + s[10:12] + "-" + s[12:14]
	default:
		return false
	}
	sum := 0
	for i := 0; i < min(len(s), 17); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		sum += int(s[i]-'0') * idWeights[i]
	}
	return validDay(day, 10) && (len(s) == 15 || "10X98765432"[sum%11] == s[17])
}
