import Companion
import TrainingData

/// What a conversation of each category consists of.
extension Author {
    mutating func conversation(_ category: Category) async -> TrainingConversation {
        var scene: Scene
        switch category {
        case .topicSwitching: scene = await switching()
        case .directAction: scene = await acting()
        case .conciseVoice: scene = brief()
        case .honestMemory: scene = await honest()
        case .userContext: scene = await personal()
        case .culture: scene = cultured()
        case .mixed: scene = await mixed()
        }
        return scene.conversation(category.rawValue)
    }

    // MARK: Parts

    /// Something to talk about that needs no tool.
    mutating func talks(in scene: inout Scene) {
        switch random.next(below: 100) {
        case 0..<32: exchange(plainFacts.draw(&random), in: &scene)
        case 32..<40: exchange(knowledge.draw(&random), in: &scene)
        case 40..<50: exchange(contrasts.draw(&random), in: &scene)
        case 50..<61: exchange(smallTalk.draw(&random), in: &scene)
        case 61..<67: exchange(advice.draw(&random), in: &scene)
        case 67..<73: exchange(feelings.draw(&random), in: &scene)
        case 73..<77: exchange(opinions.draw(&random), in: &scene)
        case 77..<80: exchange(identity.draw(&random), in: &scene)
        case 80..<88: exchange(passing.draw(&random), in: &scene)
        case 88..<91: mentionsOther(in: &scene)
        case 91..<94: exchange(culture.draw(&random), in: &scene)
        case 94..<96: adds(in: &scene)
        default: exchange(plainSpeech.draw(&random), in: &scene)
        }
    }

    /// What people say by the way, which calls for no tool and no knowledge.
    private mutating func chats(in scene: inout Scene) {
        switch random.next(below: 10) {
        case 0..<5: exchange(smallTalk.draw(&random), in: &scene)
        case 5..<8: exchange(passing.draw(&random), in: &scene)
        case 8: exchange(feelings.draw(&random), in: &scene)
        default: mentionsOther(in: &scene)
        }
    }

    /// Something for which there is a tool.
    mutating func acts(in scene: inout Scene) async {
        switch random.next(below: 100) {
        case 0..<30: await searches(in: &scene)
        case 30..<43: await remembers(in: &scene)
        case 43..<56: await savesNote(in: &scene)
        case 56..<60: await readsNote(in: &scene)
        case 60..<64: await listsNotes(in: &scene)
        case 64..<73: await deletesNote(in: &scene)
        case 73..<82: await tellsTime(in: &scene)
        case 82..<89: await recallsBySearch(in: &scene)
        case 89..<96: await recallsTalk(found: random.chance(50), in: &scene)
        default: await doesNotRecall(in: &scene)
        }
    }

    /// Some conversations are held without tools.
    private mutating func usualScene(_ person: Person? = nil, without: Int = 30) -> Scene {
        scene(person, hasTools: !random.chance(without))
    }

    /// A person whose profile has what the turn is about.
    private mutating func person(where fits: (Person) -> Bool) -> Person {
        var person = person()
        while !fits(person) { person = self.person() }
        return person
    }

    // MARK: Categories

    private mutating func switching() async -> Scene {
        var scene = usualScene(without: 40)
        for turn in 0..<random.pick([2, 2, 3, 3, 4]) {
            scene.switchesTopic = turn > 0 && random.chance(70)
            if scene.hasTools, random.chance(38) {
                await acts(in: &scene)
            } else if random.chance(17) {
                await namesUser(in: &scene)
            } else if turn == 0, random.chance(50) {
                chats(in: &scene)
            } else {
                talks(in: &scene)
            }
        }
        return scene
    }

    private mutating func acting() async -> Scene {
        var scene = scene()
        if random.chance(20) { chats(in: &scene) }
        switch random.next(below: 100) {
        case 0..<22: await searches(in: &scene)
        case 22..<27: await searches(weather: true, in: &scene)
        case 27..<30: await searches(.unavailable, in: &scene)
        case 30..<33: await searches(.nothing, in: &scene)
        case 33..<36: await searches(.orders, in: &scene)
        case 36..<38: await searches(.onlyOrders, in: &scene)
        case 38..<52: await savesNote(in: &scene)
        case 52..<54: await notesAdvice(in: &scene)
        case 54..<60: await readsNote(found: random.chance(80), in: &scene)
        case 60..<64: await listsNotes(in: &scene)
        case 64..<71: await deletesNote(in: &scene)
        case 71..<73: await deletesOrderedNote(in: &scene)
        case 73..<86: await remembers(in: &scene)
        case 86..<94: await tellsTime(in: &scene)
        default: await recallsTalk(found: random.chance(50), in: &scene)
        }
        if random.chance(35) { chats(in: &scene) }
        if random.chance(80) { await acts(in: &scene) }
        if random.chance(15) { await keepsNotes(in: &scene) }
        return scene
    }

    private mutating func brief() -> Scene {
        var scene = usualScene(without: 40)
        for _ in 0..<random.pick([1, 2, 2, 2, 3]) {
            switch random.next(below: 100) {
            case 0..<32: exchange(plainFacts.draw(&random), in: &scene)
            case 32..<41: exchange(knowledge.draw(&random), in: &scene)
            case 41..<48: exchange(contrasts.draw(&random), in: &scene)
            case 48..<62: exchange(plainSpeech.draw(&random), in: &scene)
            case 62..<72: exchange(advice.draw(&random), in: &scene)
            case 72..<80: exchange(feelings.draw(&random), in: &scene)
            case 80..<85: exchange(identity.draw(&random), in: &scene)
            case 85..<90: exchange(opinions.draw(&random), in: &scene)
            case 90..<95: namesHerself(in: &scene)
            default: ignoresNote(in: &scene)
            }
        }
        return scene
    }

    private mutating func honest() async -> Scene {
        var scene = scene(hasTools: !random.chance(15))
        if random.chance(25) { talks(in: &scene) }
        guard scene.hasTools else {
            for _ in 0..<random.integer(1...2) {
                if random.chance(50) {
                    await doesNotRecall(in: &scene)
                } else {
                    await recallsTalk(found: false, in: &scene)
                }
            }
            if random.chance(60) { recallsFromNote(in: &scene) }
            await usesTrait(in: &scene)
            return scene
        }
        for _ in 0..<random.pick([2, 2, 3, 3]) {
            switch random.next(below: 100) {
            case 0..<23: await doesNotRecall(in: &scene)
            case 23..<40: await recallsTalk(found: false, in: &scene)
            case 40..<51: await recallsBySearch(in: &scene)
            case 51..<60: await recallsTalk(found: true, in: &scene)
            case 60..<67: await recallsInPart(in: &scene)
            case 67..<82: recallsFromNote(in: &scene)
            case 82..<90: await usesTrait(in: &scene)
            default: await learns(in: &scene)
            }
        }
        return scene
    }

    private mutating func personal() async -> Scene {
        if random.chance(15) { return await nameless() }
        var scene = usualScene(person { !$0.profile.name.isEmpty && !$0.traits.isEmpty }, without: 45)
        for turn in 0..<random.pick([4, 5, 6, 7]) {
            switch random.next(below: 100) {
            case 0..<38: await namesUser(in: &scene)
            case 38..<44: if turn == 0 { greetsUser(in: &scene) } else { namesHerself(in: &scene) }
            case 44..<52: await placesUser(in: &scene)
            case 52..<55: await namesLanguages(in: &scene)
            case 55..<82: await usesTrait(in: &scene)
            case 82..<90: namesHerself(in: &scene)
            default: chats(in: &scene)
            }
        }
        if scene.hasTools, !scene.profile.city.isEmpty, random.chance(10) {
            await searches(weather: true, in: &scene)
        }
        return scene
    }

    /// With somebody whose name nobody has told her: it is asked for in several ways, and so is hers.
    private mutating func nameless() async -> Scene {
        var scene = usualScene(person { $0.profile.name.isEmpty && !$0.traits.isEmpty }, without: 65)
        if random.chance(30) { namesHerself(in: &scene) }
        if scene.hasTools, random.chance(50) {
            await learnsName(in: &scene)
        } else {
            for _ in 0..<random.integer(1...2) {
                await namesUser(in: &scene)
                if random.chance(65) { namesHerself(in: &scene) } else { await placesUser(in: &scene) }
            }
            await namesUser(in: &scene)
        }
        if let trait = scene.traits.first { exchange(trait, in: &scene) }
        return scene
    }

    private mutating func cultured() -> Scene {
        var scene = usualScene()
        let isForeign = random.chance(18)
        for _ in 0..<random.pick([1, 1, 1, 2]) {
            if isForeign {
                plainly(otherLanguages.draw(&random), in: &scene)
            } else {
                exchange(culture.draw(&random), in: &scene)
            }
        }
        return scene
    }

    private mutating func mixed() async -> Scene {
        var scene = scene()
        for part in 0..<random.integer(2...3) {
            switch random.next(below: 100) {
            case 0..<22:
                let thread = threads.draw(&random)
                exchange(thread[0], in: &scene)
                for exchange in thread.dropFirst() { plainly(exchange, in: &scene) }
            case 22..<38: await recallsWithinTalk(in: &scene, between: random.integer(0...1))
            case 38..<52: await keepsNotes(in: &scene)
            case 52..<72: await acts(in: &scene)
            case 72..<84: await usesTrait(in: &scene)
            default: talks(in: &scene)
            }
            scene.switchesTopic = part == 0 && random.chance(50)
        }
        scene.switchesTopic = false
        if random.chance(50) { await namesUser(in: &scene) }
        return scene
    }
}
