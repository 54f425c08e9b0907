package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// The exit codes of the contract.
const (
	exitDone     = 0
	exitProblems = 1
	exitUsage    = 2
	exitCouldNot = 3
)

// cli is the whole command line. Each flag may also be given as an environment
// variable, CROSSBOOK_ and its name, or in the YAML file of --config under its
// name, at the top or below the name of its command.
type cli struct {
	Config  configFile       `help:"YAML file with flags by their names." placeholder:"FILE"`
	DB      string           `name:"db" help:"Database: sqlite:PATH or postgres://USER@HOST/NAME. Default: crossbook.db in the folder of --dir." placeholder:"URL"`
	Dir     string           `help:"Folder for keys and data. Default: ${dir}." placeholder:"DIR"`
	JSON    bool             `name:"json" help:"Print one JSON object on stdout instead of text."`
	Log     string           `help:"What to log to stderr: debug, info, warn or error." placeholder:"LEVEL" enum:"debug,info,warn,error," default:""`
	Pace    string           `help:"Keep within the vendors' rates (vendor), or do not (off; for sandboxes only)." enum:"vendor,off" default:"vendor" hidden:""`
	Version kong.VersionFlag `help:"Print the version and exit."`

	Demo    demoCmd    `cmd:"" help:"Start both sandboxes with the sample company and keep them in step."`
	Sandbox sandboxCmd `cmd:"" help:"Run an imitation of Zoho CRM and of QuickBooks Online on this machine."`
	Connect connectCmd `cmd:"" help:"Connect a CRM organisation with a QuickBooks company."`
	Plan    planCmd    `cmd:"" help:"Show what a sync would do, and why, without writing anything."`
	Sync    syncCmd    `cmd:"" help:"Read both sides and bring them into step now."`
	Serve   serveCmd   `cmd:"" help:"Keep all connections in step; receive notifications."`
	Status  statusCmd  `cmd:"" help:"Show how a connection stands."`
	Doctor  doctorCmd  `cmd:"" help:"Check everything a connection needs and say what to do."`

	Problems problemsCmd `cmd:"" help:"List the records that could not be synced, with cause and cure."`
	Why      whyCmd      `cmd:"" help:"Explain what keeps one record where it is."`
	History  historyCmd  `cmd:"" help:"Show what was done to which record, and why."`
	Pause    pauseCmd    `cmd:"" help:"Stop a module in both directions; changes wait."`
	Resume   resumeCmd   `cmd:"" help:"Start a paused module again, and release brakes."`
	Verify   verifyCmd   `cmd:"" help:"Read both sides completely and prove that they agree."`
	Backup   backupCmd   `cmd:"" help:"Write a complete copy of the database while work goes on."`
}

// version is set by the release; a build from source says so itself.
var version = ""

func versionText() string {
	if version != "" {
		return "crossbook " + version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return "crossbook " + info.Main.Version
	}
	return "crossbook (built from source)"
}

// run is the command line without its process: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	a := newApp(&c, stdout, stderr)
	parser, err := kong.New(&c,
		kong.Name("crossbook"),
		kong.Description("Keeps Zoho CRM and QuickBooks Online in step."),
		kong.DefaultEnvars("CROSSBOOK"),
		kong.Vars{"version": versionText(), "dir": shortHome(defaultDir())},
		kong.Writers(stdout, stderr),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(a),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		return a.finish(err)
	}
	a.args = args
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		c.JSON = c.JSON || a.given("--json") || slices.Contains([]string{"1", "true", "yes"}, os.Getenv("CROSSBOOK_JSON")) // what was parsed is not known then
		return a.finish(usageOf(err, args))
	}
	return a.finish(parsed.Run())
}

// usageOf makes a failure with a hint of what the parser says.
func usageOf(err error, args []string) error {
	hint := "crossbook --help lists the commands."
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil && parse.Context.Command() != "" {
		name, _, _ := cut(parse.Context.Command())
		hint = "crossbook " + name + " --help lists what it takes."
	} else if len(args) > 0 && isCommand(args[0]) {
		hint = "crossbook " + args[0] + " --help lists what it takes."
	}
	var known *failure
	if errors.As(err, &known) {
		return known
	}
	return &failure{code: exitUsage, what: plainParse(err.Error()), hint: hint}
}

// The parser's own words about Go's types and layouts mean little to people.
var (
	parsedTime   = regexp.MustCompile(`^(--\S+): parsing time "([^"]*)".*$`)
	parsedNumber = regexp.MustCompile(`^(--\S+): expected .*int.* but got ("[^"]*").*$`)
)

func plainParse(said string) string {
	said = parsedTime.ReplaceAllString(said, `$1: "$2" is no day; write it as YYYY-MM-DD`)
	said = parsedNumber.ReplaceAllString(said, `$1: $2 is no number that fits`)
	return strings.Replace(said, `,""`, "", 1)
}

// dir is the folder for keys and data.
func (c *cli) dir() string {
	if c.Dir != "" {
		return c.Dir
	}
	return defaultDir()
}

// database is the address of the database.
func (c *cli) database() string {
	if c.DB != "" {
		return c.DB
	}
	return "sqlite:" + filepath.Join(c.dir(), "crossbook.db")
}

func defaultDir() string {
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "crossbook")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "crossbook-data"
	}
	return filepath.Join(home, ".local", "share", "crossbook")
}
