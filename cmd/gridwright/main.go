// Command gridwright divides a city's communities into grids: it imports the ground, proposes splits, serves a map page
// to adjust them on, and writes the registers that are handed in.
//
// Data go to stdout, talk and progress to stderr. It exits with 0 when done, 1 when it failed, 2 when it was misused
// and 3 when findings block a check or a publication.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"gridwright/plan/words"
)

// version is set by the build to the newest tag or commit.
var version = "dev"

// The exit codes.
const (
	exitDone    = 0
	exitFailed  = 1
	exitMisused = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands are the program's commands; each has a file of its own.
type commands struct {
	Config kong.ConfigFlag `help:"${help_config}" placeholder:"FILE" env:"GRIDWRIGHT_CONFIG"`
	Lang   string          `help:"${help_lang}" enum:",zh,en" default:"" env:"GRIDWRIGHT_LANG" placeholder:"zh|en"`

	Demo      demoCmd      `cmd:"" help:"${help_demo}"`
	Serve     serveCmd     `cmd:"" help:"${help_serve}"`
	Import    importCmd    `cmd:"" help:"${help_import}"`
	Ground    groundCmd    `cmd:"" help:"${help_ground}"`
	Split     splitCmd     `cmd:"" help:"${help_split}"`
	Partition partitionCmd `cmd:"" help:"${help_partition}"`
	Export    exportCmd    `cmd:"" help:"${help_export}"`
	Report    reportCmd    `cmd:"" help:"${help_report}"`
	Worker    workerCmd    `cmd:"" help:"${help_worker}"`
	Migrate   migrateCmd   `cmd:"" help:"${help_migrate}"`
	Version   versionCmd   `cmd:"" help:"${help_version}"`
}

// run carries out a command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) int {
	std := &streams{in: in, out: out, err: talk, lang: languageOf(args)}
	var cli commands
	exit := -1
	parser, err := kong.New(&cli,
		kong.Name("gridwright"),
		kong.Description(sentences.Say(std.lang, "help", nil)),
		kong.Vars(helps(std.lang)),
		kong.Writers(out, talk),
		kong.Exit(func(code int) { exit = code; panic(exited{}) }),
		kong.Configuration(kong.JSON, "/etc/gridwright/gridwright.json"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if err != nil {
		fmt.Fprintln(talk, err)
		return exitFailed
	}
	command, err := parse(parser, args)
	if exit >= 0 { // -h
		return exit
	}
	if err != nil {
		fmt.Fprintf(talk, "gridwright: %s\n", sentences.Say(std.lang, "misused", words.Args{"why": err.Error()}))
		return exitMisused
	}
	return std.report(command.Run())
}

// exited stops kong after it has shown help.
type exited struct{}

func parse(parser *kong.Kong, args []string) (command *kong.Context, err error) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exited); !ok {
				panic(p)
			}
		}
	}()
	return parser.Parse(args)
}

// report says what went wrong, if anything did, and returns the exit code.
func (s *streams) report(err error) int {
	if err == nil {
		return exitDone
	}
	if misuse, ok := errors.AsType[usageError](err); ok {
		fmt.Fprintf(s.err, "gridwright: %s\n", misuse.reason)
		return exitMisused
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(s.err, "gridwright: %s\n", sentences.Say(s.lang, "interrupted", nil))
		return exitFailed
	}
	fmt.Fprintf(s.err, "gridwright: %s\n", wording(err, s.lang))
	return exitFailed
}

// languageOf finds the language before the flags are read, since their help is in it: --lang, else GRIDWRIGHT_LANG,
// else the locale.
func languageOf(args []string) words.Lang {
	for i, arg := range args {
		if arg == "--lang" && i+1 < len(args) {
			return words.FromHeader(args[i+1])
		}
		if l, ok := strings.CutPrefix(arg, "--lang="); ok {
			return words.FromHeader(l)
		}
	}
	for _, name := range []string{"GRIDWRIGHT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := os.Getenv(name); l != "" {
			return words.FromLocale(l)
		}
	}
	return words.En
}
