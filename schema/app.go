package schema

// App is a whole application as it is edited, published and packed.
type App struct {
	Key         string
	Title       Text
	Description Text
	Icon        string
	Version     string // of the pack it came from
	Forms       []*Form
	Flows       []*Flow
	Access      Access
	Views       []*View
	// Requires names apps that must be installed ("base"), Optional those that may be.
	Requires []string
	Optional []string
	Menu     []MenuItem
}

// MenuItem is an entry of the app's navigation, in order; a group has Items.
type MenuItem struct {
	Form  string     `json:"form,omitempty"`
	Title Text       `json:"title,omitempty"`
	Icon  string     `json:"icon,omitempty"`
	Items []MenuItem `json:"items,omitempty"`
}

// Form returns the form with the key, nil when there is none.
func (a *App) Form(key string) *Form {
	for _, f := range a.Forms {
		if f.Key == key {
			return f
		}
	}
	return nil
}

// Flow returns the flow with the key, nil when there is none.
func (a *App) Flow(key string) *Flow {
	for _, f := range a.Flows {
		if f.Key == key {
			return f
		}
	}
	return nil
}

// View is a saved way to list records.
type View struct {
	Key     string            `json:"key"`
	Form    string            `json:"form"`
	Title   Text              `json:"title,omitempty"`
	Kind    string            `json:"kind"` // table
	Columns []string          `json:"columns,omitempty"`
	Filter  string            `json:"filter,omitempty"` // formula over the record
	Sort    []string          `json:"sort,omitempty"`
	Group   string            `json:"group,omitempty"`
	Colors  []ColorRule       `json:"colors,omitempty"`
	Totals  map[string]string `json:"totals,omitempty"`
}

// ColorRule colours the rows for which When holds.
type ColorRule struct {
	When  string `json:"when"`
	Color string `json:"color"`
}

// Problem is one finding about a definition, with its place.
type Problem struct {
	// Path is file or part and JSON pointer: "forms/expense_contract#/rules/0/when".
	Path string `json:"path"`
	Code string `json:"code"`
	// Message is English; Params let the UI say it in Chinese.
	Message string         `json:"message"`
	Params  map[string]any `json:"params,omitempty"`
	// Line and Column are 1-based in the source file, 0 = unknown.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// From and To are rune offsets within a formula; To 0 = whole.
	From int `json:"from,omitempty"`
	To   int `json:"to,omitempty"`
	// Warning problems do not stop a publish.
	Warning bool `json:"warning,omitempty"`
}
