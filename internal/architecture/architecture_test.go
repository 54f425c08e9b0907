package architecture

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "crossbook"

// pkg is what `go list -deps` says of a package, without its tests.
type pkg struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	Imports    []string // direct
	Deps       []string // all, through others too
}

func (p pkg) ours() bool { return within(p.ImportPath, module) }

// within tells whether path is the package or lies below it.
func within(path string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return path == root || strings.HasPrefix(path, root+"/") })
}

type world map[string]pkg

func load(t *testing.T) world {
	t.Helper()
	touch(t, filepath.Join("..", ".."))
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,Imports,Deps", module+"/...")
	cmd.Dir = filepath.Join("..", "..")
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w := world{}
	for dec := json.NewDecoder(out); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		w[p.ImportPath] = p
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	return w
}

// ours lists our packages at or below the roots, in order; with none given all
// of them. Roots that do not exist yet are named in the log: their rules hold
// from their first day.
func (w world) ours(t *testing.T, roots ...string) (found []pkg) {
	t.Helper()
	for _, p := range w {
		if p.ours() && (len(roots) == 0 || within(p.ImportPath, roots...)) {
			found = append(found, p)
		}
	}
	for _, root := range roots {
		if !slices.ContainsFunc(found, func(p pkg) bool { return within(p.ImportPath, root) }) {
			t.Logf("there is no package %s yet", root)
		}
	}
	slices.SortFunc(found, func(a, b pkg) int { return strings.Compare(a.ImportPath, b.ImportPath) })
	return found
}

// path is the way from a package to one of its dependencies, for the message.
func (w world) path(from, to string) string {
	before := map[string]string{from: ""}
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if at == to {
			way := []string{at}
			for before[at] != "" {
				at = before[at]
				way = append([]string{at}, way...)
			}
			return strings.Join(way, " -> ")
		}
		for _, next := range w[at].Imports {
			if _, seen := before[next]; !seen {
				before[next] = at
				queue = append(queue, next)
			}
		}
	}
	return from + " -> ... -> " + to
}

// reached lists the ways by which packages depend, directly or through others,
// on something bad.
func (w world) reached(packages []pkg, bad func(dep string) bool) (ways []string) {
	for _, p := range packages {
		for _, dep := range p.Deps {
			if bad(dep) {
				ways = append(ways, w.path(p.ImportPath, dep))
			}
		}
	}
	return ways
}

// imported lists what packages import themselves and should not.
func imported(packages []pkg, bad func(dep string) bool) (ways []string) {
	for _, p := range packages {
		for _, dep := range p.Imports {
			if bad(dep) {
				ways = append(ways, p.ImportPath+" -> "+dep)
			}
		}
	}
	return ways
}

func (w world) forbid(t *testing.T, packages []pkg, why string, bad func(dep string) bool) {
	t.Helper()
	for _, way := range w.reached(packages, bad) {
		t.Errorf("%s\n\t%s", way, why)
	}
}

func (w world) forbidDirect(t *testing.T, packages []pkg, why string, bad func(dep string) bool) {
	t.Helper()
	for _, way := range imported(packages, bad) {
		t.Errorf("%s\n\t%s", way, why)
	}
}

// touch reads every file a rule may depend on, so that a cached result of these
// tests is good only while none of them has changed.
func touch(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		_, err = os.Stat(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// under is a condition on dependencies: one of the packages or below.
func under(roots ...string) func(string) bool {
	return func(dep string) bool { return within(dep, roots...) }
}

func names(parts ...string) []string {
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = module + "/" + p
	}
	return out
}

// The rules below are worth something only if they can fail.
func TestRulesFindWhatTheyForbid(t *testing.T) {
	w := world{
		"crossbook/merge": {ImportPath: "crossbook/merge", Imports: []string{"crossbook/plan"}, Deps: []string{"crossbook/plan", "example.com/x", "os"}},
		"crossbook/plan":  {ImportPath: "crossbook/plan", Imports: []string{"example.com/x"}, Deps: []string{"example.com/x", "os"}},
		"example.com/x":   {ImportPath: "example.com/x", Imports: []string{"os"}, Deps: []string{"os"}},
	}
	packages := w.ours(t, "crossbook/merge", "crossbook/plan")
	got := w.reached(packages, under("os"))
	want := []string{"crossbook/merge -> crossbook/plan -> example.com/x -> os", "crossbook/plan -> example.com/x -> os"}
	if !slices.Equal(got, want) {
		t.Errorf("reached: %q", got)
	}
	if got := imported(packages, under("example.com")); !slices.Equal(got, []string{"crossbook/plan -> example.com/x"}) {
		t.Errorf("imported: %q", got)
	}
	if within("crossbook/mergers", "crossbook/merge") {
		t.Error("crossbook/mergers taken for a part of crossbook/merge")
	}
	file := filepath.Join(t.TempDir(), "x.go")
	if err := os.WriteFile(file, []byte("package x\nimport \"time\"\nimport \"math/rand/v2\"\nvar now, n = time.Now(), rand.Int()\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := impure(t, file); len(got) != 2 {
		t.Errorf("impure: %q", got)
	}
}

const decimal = "github.com/shopspring/decimal"

func TestMoneyKnowsOnlyDecimals(t *testing.T) {
	w := load(t)
	w.forbid(t, w.ours(t, names("money")...), "money is what everything else counts with: the standard library and "+decimal+" only",
		func(dep string) bool { return !w[dep].Standard && !within(dep, decimal) })
}

func TestNounsKnowOnlyMoney(t *testing.T) {
	w := load(t)
	root, ok := w[module]
	if !ok {
		t.Fatal("no root package")
	}
	w.forbid(t, []pkg{root}, "the root package holds the nouns and nothing else: the standard library and money only",
		func(dep string) bool { return !w[dep].Standard && !within(dep, module+"/money", decimal) })
}

// pure are the packages that decide. They get the world as arguments, so that
// what they decide can be tried, shown and explained without a vendor.
var pure = names("merge", "plan", "match", "mapping", "problem", "document")

// inputOutput are the packages of the standard library that reach outside.
var inputOutput = []string{"net", "net/http", "net/mail", "net/smtp", "os", "os/exec", "os/signal", "database/sql", "io/ioutil", "syscall", "log", "log/slog"}

func TestPurePackagesDoNoInputOrOutput(t *testing.T) {
	w := load(t)
	packages := append(w.ours(t, append(slices.Clone(pure), module+"/money")...), w[module])
	const why = "what decides does no input or output (design: merge, plan, match, mapping, problem and document are pure)"
	w.forbidDirect(t, packages, why, func(dep string) bool { return slices.Contains(inputOutput, dep) })
	w.forbid(t, packages, why, func(dep string) bool {
		return w[dep].ours() && !within(dep, append(slices.Clone(pure), module+"/money")...) && dep != module
	})
	// Libraries of others may read a table they carry, but not the world.
	w.forbid(t, packages, why, func(dep string) bool { return slices.Contains([]string{"net/http", "database/sql", "os/exec"}, dep) })
}

func TestPurePackagesAskNoClockAndNoChance(t *testing.T) {
	w := load(t)
	for _, p := range w.ours(t, append(slices.Clone(pure), module+"/money")...) {
		for _, file := range p.GoFiles {
			for _, use := range impure(t, filepath.Join(p.Dir, file)) {
				t.Errorf("%s\n\ttime and chance are arguments of what decides: the same input gives the same plan", use)
			}
		}
	}
}

// impure lists the places where a file asks the clock or a random source.
func impure(t *testing.T, file string) (uses []string) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, imp := range f.Imports {
		switch path := strings.Trim(imp.Path.Value, `"`); path {
		case "math/rand", "math/rand/v2", "crypto/rand", "github.com/google/uuid":
			uses = append(uses, fmt.Sprintf("%s: imports %s", fset.Position(imp.Pos()), path))
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "NewTimer", "NewTicker", "Tick", "AfterFunc"}, sel.Sel.Name) {
			uses = append(uses, fmt.Sprintf("%s: time.%s", fset.Position(n.Pos()), sel.Sel.Name))
		}
		return true
	})
	return uses
}

func TestClientsKnowNeitherEachOtherNorTheStore(t *testing.T) {
	w := load(t)
	const why = "a client knows its vendor and nothing of the other one, of storage or of jobs; the engine joins them"
	w.forbid(t, w.ours(t, names("zohocrm")...), why, under(names("quickbooks", "store", "jobs", "engine", "sandbox")...))
	w.forbid(t, w.ours(t, names("quickbooks")...), why, under(names("zohocrm", "store", "jobs", "engine", "sandbox")...))
	w.forbid(t, w.ours(t, names("zohocrm/api", "quickbooks/api")...), "the raw clients know nothing of sync: transport only",
		func(dep string) bool {
			return w[dep].ours() && !within(dep, names("transport", "zohocrm/api", "quickbooks/api", "money")...)
		})
}

func TestSandboxesShareNothingWithTheEngine(t *testing.T) {
	w := load(t)
	w.forbid(t, w.ours(t, names("sandbox")...), "a sandbox that shared code with a client or the engine would share its mistakes",
		func(dep string) bool { return w[dep].ours() && !within(dep, names("sandbox", "money")...) })
	w.forbid(t, w.ours(t, names("sandbox/zohobox")...), "the two sandboxes are two vendors", under(names("sandbox/qbobox", "sandbox/company")...))
	w.forbid(t, w.ours(t, names("sandbox/qbobox")...), "the two sandboxes are two vendors", under(names("sandbox/zohobox", "sandbox/company")...))
}

func TestOnlyJobsImportsRiver(t *testing.T) {
	w := load(t)
	packages := slices.DeleteFunc(w.ours(t), func(p pkg) bool { return within(p.ImportPath, names("jobs")...) })
	w.forbidDirect(t, packages, "River stands behind jobs.Queue alone, so that it can be replaced and its traps are known in one place", under("github.com/riverqueue"))
}

func TestOnlyStoreAndJobsImportDrivers(t *testing.T) {
	w := load(t)
	// testkit starts a PostgreSQL cluster for tests and makes databases in it.
	packages := slices.DeleteFunc(w.ours(t), func(p pkg) bool { return within(p.ImportPath, names("store", "jobs", "internal/testkit")...) })
	w.forbidDirect(t, packages, "SQL drivers are known to store and jobs alone",
		under("modernc.org/sqlite", "github.com/jackc/pgx", "github.com/jackc/pgx/v5", "github.com/lib/pq", "github.com/mattn/go-sqlite3", "github.com/pressly/goose"))
}

func TestStoreKnowsNoPolicy(t *testing.T) {
	w := load(t)
	packages := slices.DeleteFunc(w.ours(t, names("store")...), func(p pkg) bool { return within(p.ImportPath, names("store/storetest")...) })
	w.forbid(t, packages, "the store keeps the nouns; what they mean is decided by its callers",
		func(dep string) bool {
			return w[dep].ours() && !within(dep, names("store", "money")...) && dep != module
		})
	w.forbid(t, w.ours(t, names("jobs")...), "jobs wakes connections and does not know what a turn does",
		func(dep string) bool {
			return w[dep].ours() && !within(dep, names("store", "money", "jobs")...) && dep != module
		})
}

func TestInvariantsAreJudgedByStrangers(t *testing.T) {
	w := load(t)
	judges := slices.DeleteFunc(w.ours(t, names("simulate")...), func(p pkg) bool {
		last := p.ImportPath[strings.LastIndex(p.ImportPath, "/")+1:]
		return !strings.Contains(last, "invariant") && !strings.Contains(last, "check")
	})
	if len(judges) == 0 {
		t.Log("there is no package of invariant checkers below simulate yet (named ...invariant... or ...check...)")
	}
	w.forbid(t, judges, "who judges the engine must not share its code: the same mistake on both sides would pass",
		func(dep string) bool {
			return w[dep].ours() && !within(dep, names("simulate", "money", "sandbox")...) && dep != module
		})
}

func TestOnlyCmdWires(t *testing.T) {
	w := load(t)
	w.forbid(t, w.ours(t), "commands are the top of the house: nothing imports them",
		func(dep string) bool { return within(dep, names("cmd")...) })
	w.forbidDirect(t, w.ours(t, names("engine", "web", "report", "notify")...), "the engine and the console see the vendors through interfaces; cmd puts the clients in",
		func(dep string) bool {
			return slices.Contains(names("zohocrm", "quickbooks"), dep) || within(dep, names("sandbox")...)
		})
	for _, p := range w.ours(t) {
		if within(p.ImportPath, names("cmd", "simulate", "e2e", "bench")...) {
			continue
		}
		if slices.Contains(p.Imports, module+"/zohocrm") && slices.Contains(p.Imports, module+"/quickbooks") {
			t.Errorf("%s imports both clients\n\tonly cmd wires (and what drives the whole in tests: simulate, e2e, bench)", p.ImportPath)
		}
	}
}

// Code of the product does not depend on code of tests.
func TestProductDoesNotImportTestCode(t *testing.T) {
	w := load(t)
	packages := slices.DeleteFunc(w.ours(t), func(p pkg) bool {
		return within(p.ImportPath, names("internal/testkit", "store/storetest", "simulate", "e2e", "bench")...)
	})
	w.forbid(t, packages, "test code stays out of the product", under(names("internal/testkit", "store/storetest", "e2e", "bench")...))
}
