import CKernels
import Foundation
import Testing

extension Kernels {
    @Suite struct Int8State {
        private static let headDim = 48
        private static let kvHeads = 2

        /// 150 positions with 4 query heads.
        private static func sequence(
            _ seed: UInt64 = 40, change: (inout [Float], inout [Float]) -> Void = { _, _ in }
        ) -> StoredSequence {
            var generator = SeededGenerator(seed)
            return StoredSequence(
                ANNIE_KV_INT8, length: 150, heads: 4, kvHeads: kvHeads, headDim: headDim, generator: &generator,
                change: change)
        }

        @Test func codesAreTheNearestOfTheirScale() {
            let sequence = Self.sequence()
            let (headDim, kvHeads) = (Self.headDim, Self.kvHeads)
            let headBytes = 64 * (headDim + 2)
            for position in [0, 1, 17, 63, 64, 149] {
                let page = sequence.pages[position / 64].bytes
                let slot = position % 64
                for head in 0..<kvHeads {
                    let keys = page + head * headBytes
                    let values = page + (kvHeads + head) * headBytes
                    let scales = [keys, values].map {
                        float(bf16: ($0 + 64 * headDim).load(fromByteOffset: slot * 2, as: UInt16.self))
                    }
                    for d in 0..<headDim {
                        let keyAt = ((slot / 16 * headDim / 4 + d / 4) * 16 + slot % 16) * 4 + d % 4
                        let key = Float(Int(keys.load(fromByteOffset: keyAt, as: UInt8.self)) - 128)
                        let valueAt = (slot / 4 * headDim + d) * 4 + slot % 4
                        let value = Float(values.load(fromByteOffset: valueAt, as: Int8.self))
                        let element = (position * kvHeads + head) * headDim + d
                        #expect(abs(key) <= 127 && abs(value) <= 127)
                        #expect(abs(key * scales[0] - sequence.k[element]) <= 0.501 * scales[0])
                        #expect(abs(value * scales[1] - sequence.v[element]) <= 0.501 * scales[1])
                    }
                }
            }
        }

        @Test(arguments: instructionSets)
        func everyInstructionSetStoresTheSameBytes(isa: annie_isa) {
            let expected = Kernels.with(ANNIE_ISA_PORTABLE) { Self.sequence() }
            let stored = Kernels.with(isa) { Self.sequence() }
            for (left, right) in zip(expected.pages, stored.pages) {
                #expect(memcmp(left.bytes, right.bytes, left.count) == 0)
            }
        }

        @Test(arguments: instructionSets)
        func fastAttentionIsThePortableOneButForTheLastBitOfExponentials(isa: annie_isa) {
            let sequence = Self.sequence()
            let expected = Kernels.with(ANNIE_ISA_PORTABLE) { sequence.attend(0, 150) }
            let computed = Kernels.with(isa) { sequence.attend(0, 150) }
            #expect(relativeError(computed, expected.map(Double.init)) < 1e-3)
        }

        @Test(arguments: instructionSets)
        func zeroKeysGiveTheMeanOfTheValuesAndZeroValuesGiveZero(isa: annie_isa) {
            Kernels.with(isa) {
                let noKeys = Self.sequence { k, _ in k = k.map { _ in 0 } }
                #expect(relativeError(noKeys.attend(149, 1), noKeys.reference(row: 149)) < 1e-2)
                let noValues = Self.sequence { _, v in v = v.map { _ in 0 } }
                #expect(noValues.attend(0, 150).allSatisfy { $0 == 0 })
            }
        }

        @Test(arguments: instructionSets)
        func vectorsOfAnyMagnitudeKeepTheirPrecision(isa: annie_isa) {
            Kernels.with(isa) {
                let sequence = Self.sequence { _, v in
                    for index in v.indices where index / (Self.headDim * Self.kvHeads) % 2 == 0 { v[index] *= 1e-20 }
                }
                for row in [0, 1, 149] {
                    #expect(relativeError(sequence.attend(row, 1), sequence.reference(row: row)) < 2e-2, "row \(row)")
                }
            }
        }

        @Test(arguments: instructionSets)
        func aKeyThatOutweighsTheOthersDoesNotRoundThemAway(isa: annie_isa) {
            Kernels.with(isa) {
                let width = Self.headDim * Self.kvHeads
                let sequence = Self.sequence { k, v in
                    k = k.map { _ in 0 }
                    for head in 0..<Self.kvHeads {
                        for d in 0..<Self.headDim { v[3 * width + head * Self.headDim + d] = d == 0 ? 500 : 0 }
                    }
                }
                func others(_ row: [Float]) -> [Float] {
                    row.indices.filter { $0 % Self.headDim != 0 }.map { row[$0] }
                }
                let expected = others(sequence.reference(row: 149).map(Float.init))
                #expect(relativeError(others(sequence.attend(149, 1)), expected.map(Double.init)) < 2e-2)
            }
        }

        @Test(arguments: instructionSets, [Float.nan, .infinity])
        func aBrokenKeyOrValueReachesTheRowsThatSeeItAndNoOthers(isa: annie_isa, broken: Float) {
            Kernels.with(isa) {
                let clean = Self.sequence().attend(0, 150)
                let (headDim, kvHeads) = (Self.headDim, Self.kvHeads)
                let position = 70 * kvHeads * headDim + 5  // of the first key/value head
                for sequence in [
                    Self.sequence { k, _ in k[position] = broken }, Self.sequence { _, v in v[position] = broken },
                ] {
                    let out = sequence.attend(0, 150)
                    for row in 0..<150 {
                        for head in 0..<4 {
                            let range = (row * 4 + head) * headDim..<(row * 4 + head + 1) * headDim
                            if row >= 70 && head < 2 {
                                #expect(out[range].allSatisfy { $0.isNaN }, "row \(row), head \(head)")
                            } else {
                                #expect(Array(out[range]).bitPatterns == Array(clean[range]).bitPatterns)
                            }
                        }
                    }
                }
            }
        }
    }
}
