package scenario

// didYouMean ends an error message with the nearest known word, if one is near.
func didYouMean(word string, known []string) string {
	if n := near(word, known); n != "" {
		return ": did you mean " + n + "?"
	}
	return ""
}

// near finds the known word with the fewest changes to word: at most a third of its letters.
func near(word string, known []string) string {
	if len(word) > 64 {
		return ""
	}
	best, limit := "", max(1, len(word)/3)+1
	for _, k := range known {
		if d := distance(word, k); d < limit {
			best, limit = k, d
		}
	}
	return best
}

// distance is Levenshtein's: insertions, deletions and replacements.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
