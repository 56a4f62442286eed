package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// sectionOf is the annotation of a flag that says under which heading help shows it.
const sectionOf = "evalr_section"

// section adds flags under a heading of their own.
func section(c *cobra.Command, title string, add func()) {
	c.Flags().SortFlags = false // the order in which they are added is the one to read
	known := map[string]bool{}
	c.Flags().VisitAll(func(f *pflag.Flag) { known[f.Name] = true })
	add()
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !known[f.Name] {
			_ = c.Flags().SetAnnotation(f.Name, sectionOf, []string{title}) // it is there
		}
	})
}

// flagSections prints the flags of a command, those without a heading first. What
// stands under a heading keeps the order in which it was added.
func flagSections(c *cobra.Command) string {
	sets, titles := map[string]*pflag.FlagSet{}, []string{""}
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		title := strings.Join(f.Annotations[sectionOf], "")
		if sets[title] == nil {
			sets[title] = pflag.NewFlagSet(title, pflag.ContinueOnError)
			sets[title].SortFlags = title == ""
			if title != "" {
				titles = append(titles, title)
			}
		}
		sets[title].AddFlag(f)
	})
	if len(titles) > 1 { // the few that all commands have come last
		titles = append(slices.Clone(titles[1:]), "")
	}
	var b strings.Builder
	for _, title := range titles {
		if sets[title] == nil {
			continue
		}
		heading := "Flags"
		switch {
		case title != "":
			heading = title
		case len(titles) > 1:
			heading = "Further flags"
		}
		b.WriteString("\n" + heading + ":\n" + strings.TrimRight(sets[title].FlagUsages(), "\n") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}
