package main

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"gridwright/plan/words"
)

// kongFrames are the sentences of the parser with their Chinese; what stands between is names and values.
var kongFrames = []struct {
	says *regexp.Regexp
	zh   string
}{
	{regexp.MustCompile(`^missing flags: (.*)$`), "缺少参数：${1}"},
	{regexp.MustCompile(`^missing positional arguments (.*)$`), "缺少：${1}"},
	{regexp.MustCompile(`^expected one of (.*)$`), "应写明命令：${1}"},
	{regexp.MustCompile(`^expected "(.*)"$`), "缺少：${1}"},
	{regexp.MustCompile(`^unknown flag ([^\s,]+)`), "没有参数${1}"},
	{regexp.MustCompile(`^unexpected argument ([^\s,]+)`), "多余的“${1}”"},
	{regexp.MustCompile(`, did you mean (?:one of )?(.*)\?$`), "；是不是${1}？"},
	{regexp.MustCompile(`^(\S+): expected an? (?:valid \d+ bit )?u?int but got (".*").*$`), "${1}须是整数，不是${2}"},
	{regexp.MustCompile(`^(\S+): expected a float but got (".*").*$`), "${1}须是数，不是${2}"},
	{regexp.MustCompile(`^(\S+): expected duration but got ("[^"]*").*$`), "${1}须是时长，如10s，不是${2}"},
	{regexp.MustCompile(`^(\S+): expected \S+ value but got "EOL".*$`), "${1}后面缺少值"},
	{regexp.MustCompile(`^(\S+) must be one of (?:"",)?(.*) but got (.*)$`), "${1}须是${2}之一，不是${3}"},
}

// kongWords says what the parser refuses; it speaks English, and a frame it has got since stays so.
func kongWords(err error, l words.Lang) string {
	text := err.Error()
	if l == words.En {
		return text
	}
	for _, frame := range kongFrames {
		text = frame.says.ReplaceAllString(text, frame.zh)
	}
	return text
}

// helpPrinter prints kong's help with its own few words in the user's language.
func helpPrinter(l words.Lang) kong.HelpPrinter {
	if l == words.En {
		return kong.DefaultHelpPrinter
	}
	headings := strings.NewReplacer("\nFlags:\n", "\n参数：\n", "\nArguments:\n", "\n文件：\n", "\nCommands:\n", "\n命令：\n",
		"Usage: ", "用法：", "[flags]", "[参数]", "<command>", "<命令>",
		`Run "gridwright <command> --help" for more information on a command.`, "各命令的说明：gridwright <命令> --help")
	return func(options kong.HelpOptions, ctx *kong.Context) error {
		out := ctx.Stdout
		var page bytes.Buffer
		ctx.Stdout = &page
		err := kong.DefaultHelpPrinter(options, ctx)
		ctx.Stdout = out
		if err != nil {
			return err
		}
		_, err = headings.WriteString(out, page.String())
		return err
	}
}
