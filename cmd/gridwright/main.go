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
	exitBlocked = 3
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A closed pipe must not end the process before the database server it has started is stopped: writing fails instead.
	// Catching the signal and not ignoring it keeps it as it was for the programs we start.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// commands are the program's commands; each has a file of its own.
type commands struct {
	Config string `help:"${help_config}" placeholder:"FILE" env:"GRIDWRIGHT_CONFIG"`
	Lang   string `help:"${help_lang}" enum:",zh,en" default:"" env:"GRIDWRIGHT_LANG" placeholder:"zh|en"`

	Demo      demoCmd      `cmd:"" help:"${help_demo}"`
	Serve     serveCmd     `cmd:"" help:"${help_serve}"`
	Import    importCmd    `cmd:"" help:"${help_import}"`
	Ground    groundCmd    `cmd:"" help:"${help_ground}"`
	Split     splitCmd     `cmd:"" help:"${help_split}"`
	Partition partitionCmd `cmd:"" help:"${help_partition}"`
	Export    exportCmd    `cmd:"" help:"${help_export}"`
	Report    reportCmd    `cmd:"" help:"${help_report}"`
	Check     checkCmd     `cmd:"" help:"${help_check}"`
	Publish   publishCmd   `cmd:"" help:"${help_publish}"`
	Worker    workerCmd    `cmd:"" help:"${help_worker}"`
	Migrate   migrateCmd   `cmd:"" help:"${help_migrate}"`
	Version   versionCmd   `cmd:"" help:"${help_version}"`
}

// run carries out a command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) int {
	set, err := readSettings(args)
	std := &streams{in: in, out: out, err: talk, lang: languageOf(args, set)}
	if err != nil {
		return std.report(usageError{wording(err, std.lang)})
	}
	var cli commands
	exit := -1
	parser, err := kong.New(&cli,
		kong.Name("gridwright"),
		kong.Description(sentences.Say(std.lang, "help", nil)),
		kong.Vars(helps(std.lang)),
		kong.Writers(out, talk),
		kong.Exit(func(code int) { exit = code; panic(exited{}) }),
		kong.Resolvers(set),
		kong.Help(helpPrinter(std.lang)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if err != nil {
		fmt.Fprintln(talk, err)
		return exitFailed
	}
	parser.Model.HelpFlag.Help = sentences.Say(std.lang, "help_help", nil)
	command, err := parse(parser, args)
	if exit >= 0 { // -h
		return exit
	}
	if err != nil {
		fmt.Fprintf(talk, "gridwright: %s\n", sentences.Say(std.lang, "misused", words.Args{"why": kongWords(err, std.lang)}))
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
	if !errors.Is(err, syscall.EPIPE) { // the reader of our output has what it wanted
		fmt.Fprintf(s.err, "gridwright: %s\n", wording(err, s.lang))
	}
	if isBlocked(err) {
		return exitBlocked
	}
	return exitFailed
}
