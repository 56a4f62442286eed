package money

import "go.yaml.in/yaml/v4"

func valueOf(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// lineOf is the line of a key, in n or below; the line of n if it is not there.
func lineOf(n *yaml.Node, key string) int {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i].Line
		}
		if below := n.Content[i+1]; below.Kind == yaml.MappingNode && valueOf(below, key) != nil {
			return lineOf(below, key)
		}
	}
	return n.Line
}
