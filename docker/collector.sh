# shellcheck shell=bash
# Which collector Java is to use: read by the launcher and by what starts the image.
#
# With a single processor, or less than 1.8 GB, Java takes the serial collector, which copies all that one channel consists of to places
# that are far apart: with many channels a change then costs up to a third more than with the parallel one (docs/decisions/0018).
# Everywhere else Java's own choice, G1, stays.

# How many processors this process may use: those that it may run on, or its control group's share, where that is less.
# $1 is the control group's folder.
processors() {
  local group=${1:-/sys/fs/cgroup} count quota=max period=100000 share
  count=$(nproc 2>/dev/null) || count=2
  if [ -r "$group/cpu.max" ]; then
    read -r quota period <"$group/cpu.max" || true
  elif [ -r "$group/cpu/cpu.cfs_quota_us" ]; then
    quota=$(<"$group/cpu/cpu.cfs_quota_us") period=$(<"$group/cpu/cpu.cfs_period_us")
  fi
  case $quota in
    max | -1) ;;
    *)
      share=$(((quota + period - 1) / period))
      [ "$share" -ge "$count" ] || count=$share
      ;;
  esac
  printf '%s\n' "$count"
}

# How much memory there is in MB, or the control group's limit, where that is less. $1 is the control group's folder.
megabytes() {
  local group=${1:-/sys/fs/cgroup} kilobytes limit="" file
  kilobytes=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null) || kilobytes=""
  for file in "$group/memory.max" "$group/memory/memory.limit_in_bytes"; do
    [ ! -r "$file" ] || limit=$(<"$file")
  done
  case $limit in
    # Without a limit, version 1 has a number that has more digits than bash can count with safely.
    "" | max | ????????????????*) ;;
    *)
      limit=$((limit / 1024))
      [ "$limit" -ge "${kilobytes:-$limit}" ] || kilobytes=$limit
      ;;
  esac
  printf '%s\n' $((${kilobytes:-4194304} / 1024))
}

# Prints the options, none where Java chooses, or where one is chosen in $1 or in what Java reads from the environment.
collector_options() {
  local given=" ${1:-} ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} " chosen='[[:space:]]-XX:\+Use[A-Za-z0-9]*GC[[:space:]]'
  if [[ $given =~ $chosen ]]; then
    return 0
  fi
  if [ "$(processors)" -lt 2 ] || [ "$(megabytes)" -lt 1792 ]; then
    # It would let the young generation grow, which stays resident.
    printf '%s\n' -XX:+UseParallelGC -XX:-UseAdaptiveSizePolicy -XX:NewSize=16m
  fi
}
