package sim_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// playerRows is what the test looks at of the data in the page.
type playerRows struct {
	Test  string
	Focus int
	Rows  []struct {
		Step    int
		Text    string
		Lost    bool
		Because []int
	}
	Say     map[int]string
	Clients []struct {
		Name  string
		Lanes [][]struct{ State string }
	}
}

// The page among a failed test's artefacts asks for nothing from anywhere, opens at the step that
// the failure is about, and explains each step back to a setting, a fault or the start.
func TestPlayerPage(t *testing.T) {
	dir := t.TempDir()
	misbehave(t, "TestMisbehavingExpectation", "-test.artifacts", "-test.outputdir="+dir)
	found, err := filepath.Glob(filepath.Join(dir, "_artifacts", "*", "player.html"))
	if err != nil || len(found) != 1 {
		t.Fatalf("pages: %v, %v", found, err)
	}
	page, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"http:", "https:", "//cdn", "src=", "url(", "@import", "<link"} {
		if strings.Contains(string(page), address) {
			t.Errorf("the page refers to something else: %s", address)
		}
	}
	_, data, _ := strings.Cut(string(page), `<script type="application/json" id="run">`)
	data, _, _ = strings.Cut(data, "</script>")
	var run playerRows
	if err := json.Unmarshal([]byte(data), &run); err != nil {
		t.Fatalf("%v in %.200s", err, data)
	}
	if run.Test != "TestMisbehavingExpectation" || len(run.Rows) < 50 {
		t.Errorf("%d rows of %s", len(run.Rows), run.Test)
	}
	focused := false
	for _, r := range run.Rows {
		focused = focused || r.Step == run.Focus && strings.HasPrefix(r.Text, "is connected")
		for _, id := range append(r.Because, r.Step) {
			if run.Say[id] == "" {
				t.Errorf("step %d (%s): nothing is said of %d", r.Step, r.Text, id)
			}
		}
		if len(r.Because) == 0 && !strings.Contains(r.Text, "cut") {
			t.Errorf("step %d (%s) has no cause", r.Step, r.Text)
		}
	}
	if !focused {
		t.Errorf("the page opens at step %d, which is no row", run.Focus)
	}
	if len(run.Clients) != 1 || len(run.Clients[0].Lanes) != 5 {
		t.Errorf("beliefs of %+v", run.Clients)
	}
}
