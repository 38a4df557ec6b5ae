package schema

// HasErrors reports whether any problem stops a publish.
func HasErrors(ps []Problem) bool {
	for _, p := range ps {
		if !p.Warning {
			return true
		}
	}
	return false
}

// ValidKey reports whether a text can be the key of a definition.
func ValidKey(key string) bool { return keyPattern.MatchString(key) }
