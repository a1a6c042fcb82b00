package sweep

import (
	"fmt"
	"strconv"
	"strings"
)

// Shard is one part of a sweep that is spread over several machines: runs I, I+N, I+2N ... from 0.
type Shard struct{ I, N int }

// Whole is the shard that is everything.
var Whole = Shard{0, 1}

// Has reports whether a run belongs to the shard.
func (s Shard) Has(run int) bool { return run%s.N == s.I }

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.I+1, s.N) }

// ParseShard reads "3/8": the third of eight.
func ParseShard(s string) (Shard, error) {
	i, n, ok := strings.Cut(s, "/")
	a, errA := strconv.Atoi(i)
	b, errB := strconv.Atoi(n)
	if !ok || errA != nil || errB != nil || a < 1 || b < 1 || a > b || b > MaxRuns {
		return Whole, fmt.Errorf("%q is not a shard like 3/8: from 1 to the number of shards", s)
	}
	return Shard{a - 1, b}, nil
}

// EnvShard reads the shard of an array job from its environment, and says from which variable. A
// Kubernetes indexed Job tells its pods their index and not how many there are: its manifest says
// HALFOPEN_SHARDS, which also serves any other scheduler, with HALFOPEN_SHARD from 1.
func EnvShard(getenv func(string) string) (Shard, string, error) {
	for _, e := range []struct{ index, count, first, step string }{
		{"HALFOPEN_SHARD", "HALFOPEN_SHARDS", "1", ""},
		{"JOB_COMPLETION_INDEX", "HALFOPEN_SHARDS", "0", ""}, // Kubernetes
		{"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", getenv("SLURM_ARRAY_TASK_MIN"),
			"SLURM_ARRAY_TASK_STEP"},
		{"AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", "0", ""},
	} {
		index := getenv(e.index)
		if index == "" {
			continue
		}
		count := getenv(e.count)
		if count == "" {
			count = getenv("HALFOPEN_SHARDS")
		}
		i, errI := strconv.Atoi(index)
		n, errN := strconv.Atoi(count)
		first, errF := strconv.Atoi(e.first)
		if e.first == "" {
			first, errF = 0, nil
		}
		if step, err := strconv.Atoi(getenv(e.step)); e.step != "" && err == nil && step > 0 {
			i = first + (i-first)/step // --array=1-7:2 is tasks 1, 3, 5, 7: the first to the fourth
		}
		if i -= first; errI != nil || errN != nil || errF != nil || i < 0 || n < 1 || i >= n {
			return Whole, e.index, fmt.Errorf("%s=%q and %s=%q are no shard: want an index from %d, and "+
				"the number of shards", e.index, index, e.count, count, first)
		}
		return Shard{i, n}, e.index, nil
	}
	return Whole, "", nil
}
