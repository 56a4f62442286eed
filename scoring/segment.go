package scoring

import "strings"

// A segment is a piece of mathematics between delimiters; at and end enclose it
// and them.
type segment struct {
	inner   string
	at, end int
}

var delimiters = [...][2]string{{"$$", "$$"}, {"$", "$"}, {`\[`, `\]`}, {`\(`, `\)`}, {`\begin{equation}`, `\end{equation}`}, {`\begin{equation*}`, `\end{equation*}`}, {`\begin{align*}`, `\end{align*}`}, {`\begin{align}`, `\end{align}`}}

// mathSegments lists the last pieces of mathematics between delimiters.
func mathSegments(text string) []segment {
	var out []segment
	odd := strings.Count(text, "$")%2 == 1
	unshut := map[string]bool{} // delimiters that nothing closes any more
	for i := 0; i < len(text); {
		if text[i] != '$' && text[i] != '\\' {
			i++
			continue
		}
		open, shut := "", ""
		for _, d := range delimiters {
			if strings.HasPrefix(text[i:], d[0]) {
				open, shut = d[0], d[1]
				break
			}
		}
		if open == "" {
			i++
			if i < len(text) && text[i-1] == '\\' {
				i++ // \$ is no delimiter
			}
			continue
		}
		inner, ok := "", false
		if !unshut[open] {
			inner, _, ok = strings.Cut(text[i+len(open):], shut)
			unshut[open] = !ok
		}
		if !ok || open == "$" && (strings.Contains(inner, "\n") || money(inner, odd)) {
			i += len(open)
			continue
		}
		end := i + len(open) + len(inner) + len(shut)
		if strings.HasPrefix(open, `\begin{align`) {
			inner = strings.ReplaceAll(inner, "&", "")
			if row := strings.LastIndex(strings.TrimRight(inner, "\\ \n"), `\\`); row >= 0 {
				inner = inner[row+2:]
			}
		}
		if inner = strings.TrimRight(strings.TrimSpace(inner), ".,; \n"); inner != "" && inner != `\blacksquare` && inner != `\square` && inner != `\qed` && inner != `\Box` {
			out = append(out, segment{inner, i, end})
			if len(out) > auditedSegments {
				out = out[1:]
			}
		}
		i = end
	}
	return out
}

// money says whether the dollar sign before inner is a currency, not a delimiter:
// "$5 and $6". odd says that the text has an odd number of them.
func money(inner string, odd bool) bool {
	if inner == "" || inner[0] < '0' || inner[0] > '9' {
		return false
	}
	return odd || strings.Contains(inner, " and ") || strings.HasSuffix(inner, " ")
}
