// The live plots. The samples of ten minutes are the same columns that the service sends.
import uPlot from '/assets/uplot/uPlot.esm.js'
import { bytes, millis, number } from './format.js'
import { onColours } from './theme.js'

const KEPT = 600
const SHOWN_SECONDS = 300
const HEIGHT = 150

/** How far apart the lines of a plot of counts may be: there is no half of one. */
const WHOLE = [1, 2, 5].flatMap((step) => Array.from({ length: 13 }, (_, power) => step * 10 ** power)).sort((a, b) => a - b)

const BYTES = Array.from({ length: 50 }, (_, power) => 2 ** power)

const PLOTS = [
  {
    place: 'plot-rates',
    values: number,
    incrs: WHOLE,
    series: [
      ['events', 'published', '--plot-1'],
      ['client messages', 'broadcast', '--plot-2'],
      ['deliveries', 'delivered', '--plot-3'],
    ],
  },
  { place: 'plot-latency', values: millis, series: [['median', 'latency_p50_ms', '--plot-1'], ['p99', 'latency_p99_ms', '--plot-2']] },
  { place: 'plot-lag', values: bytes, incrs: BYTES, series: [['behind', 'lag_bytes', '--plot-1']] },
  {
    place: 'plot-connections',
    values: number,
    incrs: WHOLE,
    series: [['connections', 'connections', '--plot-1'], ['subscriptions', 'subscriptions', '--plot-2']],
  },
]

const minute = (time) => new Date(time * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false })

const COLUMNS = ['at', ...PLOTS.flatMap((plot) => plot.series.map(([, column]) => column))]

export function plots() {
  const columns = Object.fromEntries(COLUMNS.map((column) => [column, []]))
  let last = 0
  let made = []

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  }

  // A canvas knows no light-dark(): a probe says what colour it is just now.
  function resolved(name) {
    const probe = document.createElement('i')
    probe.style.color = colour(name)
    document.body.append(probe)
    const value = getComputedStyle(probe).color
    probe.remove()
    return value
  }

  function data(plot) {
    return [columns.at.map((time) => time / 1000), ...plot.series.map(([, column]) => columns[column])]
  }

  function make(plot) {
    const place = document.getElementById(plot.place)
    const quiet = resolved('--quiet')
    const axis = { stroke: quiet, grid: { stroke: resolved('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' }
    const options = {
      width: Math.max(200, place.clientWidth),
      height: HEIGHT,
      cursor: { y: false },
      scales: {
        x: { range: () => [Date.now() / 1000 - SHOWN_SECONDS, Date.now() / 1000] },
        y: { range: (_, low, high) => [0, Math.max(high * 1.1, 1)] },
      },
      axes: [{ ...axis, values: (_, splits) => splits.map(minute) }, { ...axis, size: 58, ...(plot.incrs && { incrs: plot.incrs }), values: (_, splits) => splits.map((split) => plot.values(split)) }],
      series: [
        {},
        ...plot.series.map(([label, , stroke]) => ({
          label,
          stroke: resolved(stroke),
          width: 1.75,
          spanGaps: plot.place === 'plot-latency',
          points: { show: false },
          value: (_, value) => plot.values(value),
        })),
      ],
    }
    return new uPlot(options, data(plot), place)
  }

  function rebuild() {
    made.forEach((plot) => plot.destroy())
    made = PLOTS.map(make)
  }

  // One in each frame, so that no frame takes long.
  function draw(index) {
    if (index === made.length) return
    made[index].setData(data(PLOTS[index]))
    requestAnimationFrame(() => draw(index + 1))
  }

  function resize() {
    made.forEach((plot, index) => {
      const width = Math.max(200, document.getElementById(PLOTS[index].place).clientWidth)
      if (plot.width !== width) plot.setSize({ width, height: HEIGHT })
    })
  }

  onColours(() => made.length && rebuild())
  new ResizeObserver(resize).observe(document.getElementById('rates'))

  return {
    /** The number of the newest sample that is here. */
    last: () => last,
    /** Another service, or the same one started anew, counts from the beginning. */
    forget() {
      last = 0
      for (const column of COLUMNS) columns[column].length = 0
    },
    add(samples) {
      last = samples.last
      for (const column of COLUMNS) {
        columns[column].push(...samples[column])
        columns[column].splice(0, columns[column].length - KEPT)
      }
      if (document.hidden) return
      if (made.length === 0) rebuild()
      else draw(0)
    },
    /** The newest value that is known of a column. */
    newest: (column) => columns[column].at(-1),
  }
}
