// What `helm template` prints, by the very template language and function library Helm uses, where there is no Helm: Debian's packages golang-go and
// golang-github-masterminds-sprig-dev.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run tools/chart/render.go CHART <values.yaml
package main

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type values = map[string]interface{}

func main() {
	log.SetFlags(0)
	folder := os.Args[1]
	chart := read(filepath.Join(folder, "Chart.yaml"))
	given := values{}
	input, err := io.ReadAll(os.Stdin)
	must(err)
	must(yaml.Unmarshal(input, &given))

	// Strict: a value that is not there is a mistake, not an empty word.
	root := template.New("chart").Option("missingkey=error")
	root.Funcs(functions(root))
	files, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	must(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(err)
		_, err = root.New(filepath.Base(file)).Parse(string(text))
		must(err)
	}
	scope := values{
		"Values":  merged(read(filepath.Join(folder, "values.yaml")), given),
		"Chart":   values{"Name": chart["name"], "Version": chart["version"], "AppVersion": fmt.Sprint(chart["appVersion"])},
		"Release": values{"Name": "centre", "Namespace": "default", "Service": "Helm", "IsInstall": true, "IsUpgrade": false, "Revision": 1},
	}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") {
			continue
		}
		var out bytes.Buffer
		must(root.ExecuteTemplate(&out, name, scope))
		if filepath.Ext(name) != ".txt" && strings.TrimSpace(out.String()) != "" {
			fmt.Printf("---\n# Source: %s\n%s\n", name, out.String())
		}
	}
}

func functions(root *template.Template) template.FuncMap {
	found := sprig.TxtFuncMap()
	// As Helm does: a chart must come out the same everywhere.
	delete(found, "env")
	delete(found, "expandenv")
	found["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	found["toYaml"] = func(value interface{}) (string, error) {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(value)
		return strings.TrimSuffix(out.String(), "\n"), err
	}
	found["required"] = func(words string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, fmt.Errorf(words)
		}
		return value, nil
	}
	return found
}

func merged(into, from values) values {
	for name, value := range from {
		inner, isMap := value.(values)
		there, wasMap := into[name].(values)
		if isMap && wasMap {
			value = merged(there, inner)
		}
		into[name] = value
	}
	return into
}

func read(file string) values {
	found := values{}
	text, err := os.ReadFile(file)
	must(err)
	must(yaml.Unmarshal(text, &found))
	return found
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
