#!/bin/sh
# A sweep in eight shards as a Slurm array job: sbatch slurm.sh. Each task runs the part that
# SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT name; a requeued task goes on where it was. When all
# are done:
#
#   halfopen merge part-* -o whole --html report.html
#
#SBATCH --job-name=halfopen-sweep
#SBATCH --array=0-7
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --requeue
#SBATCH --output=sweep-%a.log
dir=part-$SLURM_ARRAY_TASK_ID
resume=
test -e "$dir/plan.json" && resume=--resume
exec halfopen sweep -v keepalive=5..1200 -v outage=1s,10s,60s,10m -v nat=presets \
	--seeds 1-100 -o "$dir" $resume --workers "${SLURM_CPUS_PER_TASK:-1}" --format none
