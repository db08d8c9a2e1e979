/// Runs a ``Grammar`` byte by byte.
///
/// A grammar may be in several places at once (alternatives that begin alike), each with its own stack of calls. Such a set
/// of places is a state; states and the steps between them are built when first needed and kept, so that running over text
/// seen before is a table look-up. Stacks share their lower parts: a frame names the frame below it.
package struct PushdownAutomaton: Sendable {
    package typealias StateIndex = Int32

    /// Where nothing fits any more.
    package static let dead: StateIndex = 0
    private static let unknown: StateIndex = -1
    static let rootFrame: Int32 = 0
    /// Places beyond these are dropped. Every place can finish by itself, so what remains is still without dead ends.
    private static let maximumPlaces = 1024, maximumVisits = 16_384

    /// A node, and the stack of calls it stands in.
    struct Place: Hashable, Sendable {
        var node: Grammar.NodeIndex
        var frame: Int32
    }

    /// Where a call returns to, or (with a count) how often a loop has run.
    struct Frame: Hashable, Sendable {
        var node: Grammar.NodeIndex
        var parent: Int32
        var count: Int32 = -1
    }

    struct State: Hashable, Sendable {
        var places: [Place]
        var accepts: Bool
    }

    let grammar: Grammar
    private let depthLimit: Int32
    private(set) var frames: [Frame] = []
    private var depths: [Int32] = []
    private var frameIndices: [Frame: Int32] = [:]
    private(set) var states: [State] = []
    private var stateIndices: [State: StateIndex] = [:]
    /// Where a state's 256 steps stand in `steps`; -1 until the first is taken.
    private var stepOffsets: [Int] = []
    private var steps: [StateIndex] = []
    // Scratch of `closure`.
    private var visited: Set<Place> = []
    private var pending: [Place] = []

    package init(_ grammar: Grammar, depthLimit: Int) {
        self.grammar = grammar
        self.depthLimit = Int32(clamping: depthLimit)
        reset()
    }

    /// Forgets every state and frame; indices handed out before mean nothing any more.
    package mutating func reset() {
        frames = [Frame(node: -1, parent: -1)]
        depths = [0]
        frameIndices = [:]
        states = []
        stateIndices = [:]
        stepOffsets = []
        steps = []
        _ = index(of: State(places: [], accepts: false))
    }

    /// How many states have been built.
    package var stateCount: Int { states.count }

    /// The state before the first byte.
    package mutating func startState() -> StateIndex { state(at: [Place(node: grammar.start, frame: Self.rootFrame)]) }

    /// The state that a set of places is, with all places reached from them without a byte.
    mutating func state(at places: [Place]) -> StateIndex { closure(of: places) }

    /// Whether the text so far is whole.
    package func accepts(_ state: StateIndex) -> Bool { states[Int(state)].accepts }

    /// Whether the text so far is whole and no byte can follow.
    package func isComplete(_ state: StateIndex) -> Bool {
        states[Int(state)].accepts && states[Int(state)].places.isEmpty
    }

    /// The state after one more byte.
    @inline(__always)
    package mutating func step(_ state: StateIndex, _ byte: UInt8) -> StateIndex {
        let offset = stepOffsets[Int(state)]
        if offset >= 0 {
            let next = steps[offset &+ Int(byte)]
            if next != Self.unknown { return next }
        }
        return firstStep(state, byte)
    }

    @inline(never)
    private mutating func firstStep(_ state: StateIndex, _ byte: UInt8) -> StateIndex {
        if stepOffsets[Int(state)] < 0 {
            stepOffsets[Int(state)] = steps.count
            steps.append(contentsOf: repeatElement(Self.unknown, count: 256))
        }
        var places: [Place] = []
        for place in states[Int(state)].places {
            for edge in grammar.nodes[Int(place.node)].byteEdges where edge.low <= byte && byte <= edge.high {
                places.append(Place(node: edge.target, frame: place.frame))
            }
        }
        let next = places.isEmpty ? Self.dead : closure(of: places)
        steps[stepOffsets[Int(state)] + Int(byte)] = next
        return next
    }

    private mutating func index(of state: State) -> StateIndex {
        if let index = stateIndices[state] { return index }
        let index = StateIndex(states.count)
        states.append(state)
        stateIndices[state] = index
        stepOffsets.append(-1)
        return index
    }

    private mutating func frameIndex(_ frame: Frame) -> Int32 {
        if let index = frameIndices[frame] { return index }
        let index = Int32(frames.count)
        frames.append(frame)
        // A loop's count is not a nesting of its own.
        depths.append(depths[Int(frame.parent)] + (frame.count < 0 ? 1 : 0))
        frameIndices[frame] = index
        return index
    }

    // MARK: What is reached without a byte

    private mutating func closure(of places: [Place]) -> StateIndex {
        visited.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
        for place in places { visit(place) }
        var found: [Place] = []
        var accepts = false
        while let place = pending.popLast(), found.count < Self.maximumPlaces {
            let node = grammar.nodes[Int(place.node)]
            if !node.byteEdges.isEmpty { found.append(place) }
            for target in node.epsilons { visit(Place(node: target, frame: place.frame)) }
            for call in node.calls { enter(call, from: place) }
            if let loop = node.loop { run(loop, at: place) }
            guard node.isFinal else { continue }
            if place.frame == Self.rootFrame {
                accepts = true
            } else {
                let frame = frames[Int(place.frame)]
                visit(Place(node: frame.node, frame: frame.parent))
            }
        }
        found.sort { ($0.node, $0.frame) < ($1.node, $1.frame) }
        return index(of: State(places: found, accepts: accepts))
    }

    private mutating func visit(_ place: Place) {
        guard visited.count < Self.maximumVisits else { return }
        // A place whose shortest way out is nested deeper than the limit is no place to be.
        let height = grammar.nodes[Int(place.node)].height
        guard height <= depthLimit, depths[Int(place.frame)] <= depthLimit - height else { return }
        if visited.insert(place).inserted { pending.append(place) }
    }

    private mutating func enter(_ call: Grammar.Call, from place: Place) {
        let height = grammar.height(of: call)
        guard height <= depthLimit, depths[Int(place.frame)] <= depthLimit - height else { return }
        // A call that ends its rule returns straight to the caller.
        let frame = isEnd(call.next) ? place.frame : frameIndex(Frame(node: call.next, parent: place.frame))
        visit(Place(node: call.rule, frame: frame))
    }

    private func isEnd(_ index: Grammar.NodeIndex) -> Bool {
        let node = grammar.nodes[Int(index)]
        return node.isFinal && node.byteEdges.isEmpty && node.epsilons.isEmpty && node.calls.isEmpty && node.loop == nil
    }

    private mutating func run(_ loop: Grammar.Loop, at place: Place) {
        let top = frames[Int(place.frame)]
        let isRunning = top.node == place.node && top.count >= 0
        let count = isRunning ? top.count : 0
        let outside = isRunning ? top.parent : place.frame
        if count >= loop.minimum { visit(Place(node: loop.next, frame: outside)) }
        guard count < loop.maximum ?? .max else { return }
        let height = grammar.callHeight(loop.rule)
        guard height <= depthLimit, depths[Int(outside)] <= depthLimit - height else { return }
        // Without a maximum, counts above the minimum are all alike.
        let next = loop.maximum == nil ? min(count + 1, loop.minimum) : count + 1
        let counter = frameIndex(Frame(node: place.node, parent: outside, count: next))
        visit(Place(node: loop.rule, frame: frameIndex(Frame(node: place.node, parent: counter))))
    }
}
