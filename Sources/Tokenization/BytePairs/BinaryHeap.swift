/// A minimum heap in an array.
struct BinaryHeap<Element: Comparable & Sendable>: Sendable {
    private var elements: [Element] = []

    /// A heap of these elements, built in linear time.
    init(_ elements: [Element] = []) {
        self.elements = elements
        for position in stride(from: elements.count / 2 - 1, through: 0, by: -1) { siftDown(position) }
    }

    mutating func push(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    mutating func popMinimum() -> Element? {
        guard let minimum = elements.first, let last = elements.popLast() else { return nil }
        if !elements.isEmpty {
            elements[0] = last
            siftDown(0)
        }
        return minimum
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var child = parent * 2 + 1
            guard child < elements.count else { return }
            if child + 1 < elements.count, elements[child + 1] < elements[child] { child += 1 }
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            parent = child
        }
    }
}
