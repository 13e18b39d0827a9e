// The types of the board, for tsc; nothing here runs. A message's types are those of nnviz/board/message.py.

/**
 * @typedef {{title: string, kinked: number[], ranges: Record<string, [number | null, number | null]>}} LayerInfo
 * @typedef {{title: string, word: string, equations: string, group: string, direction: number, code: string,
 *   computes: string[], uses: string[], question: Question | null}} PhaseInfo
 * @typedef {{measure: string, panels: string[], text: string, why: string[], answers: string[], beside: string[],
 *   about: string[]}} Question
 * @typedef {{text: string, panels: string[]}} Part
 * @typedef {{measure: string, panels: string[], text: string, otherwise: string, ofAll: string}}
 *   Observation
 * @typedef {{equation: Part[], meanEquation: Part[], text: string, meanText: string, observations: Observation[]}} Band
 * @typedef {{name: string, label: string, effects: string[]}} Choice
 * @typedef {{name: string, label: string, choices: Choice[], picturesOnly: boolean, severalOnly: boolean,
 *   hasButton: boolean, keeps: string | null}} ViewOption
 *
 * @typedef {object} QuantityInfo
 * @property {string} name
 * @property {string} symbol plain text, with ˡ for the layer
 * @property {string} narrow the same where there is little room
 * @property {string} title
 * @property {string} columns what its columns are: inputs, none or examples
 * @property {number[]} layers
 * @property {number | null} row of the board
 * @property {number | null} place in a layer of the scene
 * @property {boolean} oneRow
 * @property {boolean} spansDecades
 * @property {boolean} isGradient
 * @property {boolean} marksSaturation
 * @property {string | null} diagram
 * @property {string | null} operation
 * @property {Record<string, string[]>} operands by layer
 *
 * @typedef {object} NetworkInfo
 * @property {string} headline
 * @property {number[]} sizes
 * @property {LayerInfo[]} layers
 * @property {string[]} classes
 * @property {boolean} hasClasses whether the targets stand for classes
 * @property {string[]} names
 * @property {[number, number] | null} picture
 * @property {number} scale
 * @property {number} steps
 * @property {number} batches
 * @property {number} epochs
 * @property {number} maxExamples
 * @property {number} maxWanted
 * @property {number} saturated
 * @property {string[]} rows
 * @property {string[]} places
 * @property {Band[]} bands
 * @property {PhaseInfo[]} phases
 * @property {QuantityInfo[]} quantities
 * @property {ViewOption[]} viewOptions
 * @property {{low: number[], high: number[], points: [number, number, number][]} | null} plane
 * @property {string} inputPanel
 * @property {string} costPanel
 * @property {number} predictedIn
 * @property {number} costIn
 *
 * @typedef {object} FrameInfo
 * @property {number} step
 * @property {number} m
 * @property {number[]} labels
 * @property {number[]} predictions
 * @property {Record<string, number[]>} rates
 * @property {LayerInfo[] | null} layers
 * @property {Band[] | null} bands
 * @property {[string, number[], string, number][]} arrays
 *
 * @typedef {{step: number, phase: number, example?: number | null}} Place
 * @typedef {{step: number, seconds: number | null, needsConsent: boolean}} Computing
 * @typedef {{text: string, isShare: boolean, points: [number, number][], grows: boolean}} Curve
 * @typedef {{cell: string, madeOf: string[], goesInto: string[]}} Paths
 * @typedef {{choices: Record<string, string>, lock: number | null, lockExample: number | null}} View
 * @typedef {Record<"light" | "dark", {diverging: string[], sequential: string[], roles: string[], classes:
 *   string[]}>}
 *   Palettes
 *
 * What a message says of a run.
 * @typedef {{title: string, place: number, network: NetworkInfo | null, frames: Frame[]}} Beside
 *
 * @typedef {object} Message
 * @property {string} run
 * @property {number} jump
 * @property {number} seq
 * @property {Place} position
 * @property {string | null} cell
 * @property {boolean} compact
 * @property {boolean} follows
 * @property {boolean} firstLook
 * @property {Computing | null} computing
 * @property {Curve | null} curve
 * @property {Paths | null} paths
 * @property {string} title of the run, where others are shown beside it
 * @property {number} place among all runs
 * @property {Beside[]} beside
 * @property {NetworkInfo | null} network
 * @property {string | null} experiment the link of the run's start, with the network
 * @property {Palettes | null} colors
 * @property {View | null} view
 * @property {Frame[]} frames
 *
 * What a lecture has the board do.
 * @typedef {object} Guide
 * @property {string[]} light panels and numbers
 * @property {string[]} hide panels
 * @property {{step: number, phase: number, cell: string | null, question: import("../board/predict.js").Asked | null,
 *   silent: boolean, isTold: boolean} | null} ask what is asked at a place: a question of its own, the sign of a
 *   number, or what the phase asks; `silent` where a room answers it; `isTold` once the answer is to be seen
 *
 * What the board says to Python: nnviz/board/request.py.
 * @typedef {object} Answer
 * @property {number} [seq]
 * @property {number} version
 * @property {number} jump
 * @property {number} step
 * @property {number} phase
 * @property {number | null} example
 * @property {string | null} cell
 * @property {boolean} playing
 * @property {View} view
 * @property {boolean} isNew
 * @property {number | null} target
 * @property {boolean} consent
 * @property {number[]} [want]
 * @property {boolean} [rests]
 * @property {boolean} [curve] whether the run's curve is asked for
 */

/**
 * @typedef {import("../board/net.js").Net} Net
 * @typedef {Float32Array | Float64Array | Uint8Array} Values
 * @typedef {{rows: number, cols: number, values: Values}} Matrix row by row
 *
 * A mini-batch at hand.
 * @typedef {object} Frame
 * @property {number} step
 * @property {number} m
 * @property {number[]} labels
 * @property {number[]} predictions
 * @property {Record<string, number[]>} rates
 * @property {LayerInfo[] | null} layers
 * @property {Band[] | null} bands
 * @property {Record<string, Matrix>} arrays by panel
 * @property {number} bytes
 * @property {Map<string, Matrix>} derived what was computed from the arrays
 * @property {{own: Frame, other: Frame}} [less] where every number is one run's less another's
 *
 * @typedef {{name: string, layer: number, j: number, k: number}} Cell
 * @typedef {{x: number, y: number, w: number, h: number}} Box CSS pixels
 * @typedef {{across: number, down: number, w: number, h: number, dx: number, dy: number, rows: number, cols: number}}
 *   Tiles
 *
 * A quantity of a layer on the board.
 * @typedef {object} Panel
 * @property {string} id
 * @property {string} name
 * @property {number} layer
 * @property {number} rows
 * @property {number} cols
 * @property {Box} box
 * @property {Box} caption
 * @property {boolean} right whether its caption ends at the right
 * @property {[number, number]} block the cells that are shown as one
 * @property {Tiles | null} tiles
 * @property {number} [place] of the scene; there another quantity may take over
 * @property {boolean} [one] whether it shows the chosen example alone, as one column
 * @property {[number, number]} [grid] of its cells, if it is a picture
 * @property {"picture" | "bars"} [as] how it is drawn, if not as cells
 *
 * What is at a place: a panel's cell (of a pooled block the first one), or an example with its input there.
 * @typedef {{panel?: Panel, j: number | null, k?: number, inTile?: number[], example?: number}} Hit
 *
 * @typedef {{kind: "diverging" | "sequential" | "logarithmic", magnitude: boolean, limit?: number}} Rule
 * @typedef {{largest: number, low: number, high: number, broken: number}} Extent
 * @typedef {{how: Rule, limits: [number, number], extent: Extent}} Scale
 *
 * @typedef {{x: number, y: number, w: number, h: number, title: string}} RowTitle
 * @typedef {{layer: number, x: number, w: number, head: Box, top: number}} Column
 *
 * What stands in a scene besides panels: the lines under the example, the size of each layer's matrix.
 * @typedef {{verdict: Box, plane: Box | null, sizes: {layer: number, box: Box}[]}} SceneParts
 *
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} font
 * @property {number} line
 * @property {boolean} stacked
 * @property {number} depth
 * @property {{head: Box, list: Box, nodes?: Box}} inputs
 * @property {Box | null} diagram
 * @property {Column[]} layers
 * @property {RowTitle[]} titles
 * @property {Panel[]} panels
 * @property {SceneParts} [scene] if one example is shown
 *
 * @typedef {ReturnType<typeof import("../board/theme.js").themeOf>} Theme
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context
 *
 * What the canvas shows.
 * @typedef {object} Scene
 * @property {Net} net
 * @property {Frame} frame
 * @property {number} phase
 * @property {number | null} example
 * @property {View} view
 * @property {Theme} theme
 * @property {import("../board/scale.js").Ranges} ranges
 * @property {Cell | null} pinned
 * @property {{madeOf: Cell[], goesInto: Cell[]} | null} paths of the pinned number
 * @property {readonly string[]} hidden the panels to be predicted first
 * @property {Layout} [layout] with the panels that are seen in this phase
 * @property {Layout} [whole] with all of them
 * @property {number} [scroll]
 * @property {object | null} [lockedRanges]
 */

export {};
