package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"gridwright/plan/words"
)

// settingsFile is read where neither --config nor GRIDWRIGHT_CONFIG names another.
const settingsFile = "/etc/gridwright/gridwright.json"

// settings are what the configuration file says: only what holds for every run on a machine. What a split is to be is
// said on the command line, where its reader sees it. All of them are texts.
type settings map[string]string

// settingNames are the keys a configuration file may have.
var settingNames = []string{"base", "data", "database", "lang", "listen"}

// readSettings reads the configuration file. Without one there are no settings.
func readSettings(args []string) (settings, error) {
	name, said := flagIn(args, "config")
	if !said {
		name = os.Getenv("GRIDWRIGHT_CONFIG")
	}
	named := name != ""
	if !named {
		name = settingsFile
	}
	text, err := os.ReadFile(kong.ExpandPath(name))
	if !named && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, refused("config_json", words.Args{"file": name, "cause": err.Error()})
	}
	all := settings{}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value, isText := values[key].(string)
		switch {
		case !slices.Contains(settingNames, key):
			return nil, refused("config_key", words.Args{"file": name, "key": key, "keys": settingNames})
		case !isText:
			return nil, refused("config_text", words.Args{"file": name, "key": key})
		case key == "lang" && value != "zh" && value != "en":
			return nil, refused("config_lang", words.Args{"file": name, "value": value})
		}
		all[key] = value
	}
	return all, nil
}

// Validate has nothing left to check: readSettings has.
func (s settings) Validate(*kong.Application) error { return nil }

// Resolve gives a flag that is neither on the command line nor in the environment its setting. The flag has to have a
// variable too: `split --base PLAN` has none, as it is not the --base of a server.
func (s settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := s[flag.Name]
	if !ok || len(flag.Envs) == 0 || slices.ContainsFunc(flag.Envs, func(name string) bool { return os.Getenv(name) != "" }) {
		return nil, nil
	}
	return value, nil
}

// flagIn finds a flag before kong reads them: the last one counts, as with kong.
func flagIn(args []string, name string) (value string, found bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if arg == "--"+name && i+1 < len(args) {
			value, found = args[i+1], true
		}
		if v, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			value, found = v, true
		}
	}
	return value, found
}

// languageOf finds the language before the flags are read, since their help is in it: --lang, else GRIDWRIGHT_LANG,
// else the configuration file, else the locale.
func languageOf(args []string, set settings) words.Lang {
	said, _ := flagIn(args, "lang")
	for _, lang := range []string{said, os.Getenv("GRIDWRIGHT_LANG"), set["lang"]} {
		if lang != "" {
			return words.FromHeader(lang)
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if l := os.Getenv(name); l != "" {
			return words.FromLocale(l)
		}
	}
	return words.En
}

var settingsSentences = words.Table{
	"config_json": {"配置文件{file}不是JSON对象：{cause}", "the configuration file {file} is no JSON object: {cause}"},
	"config_key":  {"配置文件{file}里的“{key}”不能设置；可以设置：{keys}", "the configuration file {file} sets \"{key}\", which cannot be set there; these can: {keys}"},
	"config_text": {"配置文件{file}里的“{key}”须是带引号的文字", "the configuration file {file} has no text for \"{key}\""},
	"config_lang": {"配置文件{file}里的“lang”须是zh或en，不是“{value}”", "the configuration file {file} says \"{value}\" for \"lang\", which is zh or en"},
}
