/// All that users say, as the banks have it.
enum Frames {
    static var all: [String] {
        var all: [String] = []
        let banks = [
            KnowledgeBank.all, PlainFactBank.all, NamingBank.indirect, NamingBank.besideOther, NamingBank.mentions,
            NamingBank.hers, NamingBank.unknown, TalkBank.smallTalk, TalkBank.feelings, TalkBank.advice,
            TalkBank.opinions, TalkBank.identity,
            PlainSpeechBank.all, ContrastBank.all, CultureBank.all, CultureBank.otherLanguages, MemoryBank.passing,
        ]
        for exchange in banks.joined() { all += exchange.asked }
        for exchange in ThreadBank.all.joined() { all += exchange.asked }
        for trait in TraitBank.all { all += trait.exchanges.flatMap(\.asked) }
        add(MemoryBank.facts, columns: [3, 4], to: &all)
        add(MemoryBank.talks, columns: [3], to: &all)
        add(MemoryBank.followUps, columns: [2, 4], to: &all)
        add(WebBank.all, columns: [0], to: &all)
        add(NoteBank.notes, columns: [2, 3], to: &all)
        add(NoteBank.contents, columns: [1], to: &all)
        add(ProfileBank.preferences, columns: [1, 3], to: &all)
        let frames = [
            NoteBank.deleteFrames, NoteBank.deleteNumberFrames, NoteBank.listFrames, ProfileBank.nameFrames,
            ProfileBank.nameDoubts, ProfileBank.cityFrames, ProfileBank.languageFrames, ProfileBank.hello,
            NamingBank.tells, NoteBank.saveFrames, NoteBank.listItemFrames, NoteBank.readFrames,
            NoteBank.moreListFrames, NoteBank.moreDeleteFrames, NoteBank.moreDeleteNumberFrames,
            MemoryBank.lookUps, MemoryBank.rememberFrames, MomentBank.zoneFrames, MomentBank.timeFrames,
            MomentBank.dateFrames,
        ]
        for list in frames { all += list }
        all += NoteBank.orderedFrames + NoteBank.thisFrames
        for sum in MomentBank.sums { all.append(String(sum.prefix { $0 != "=" }.dropLast())) }
        return all
    }

    private static func add(_ rows: [[String]], columns: [Int], to all: inout [String]) {
        for row in rows {
            for column in columns { all += Bank.choices(row[column]) }
        }
    }
}
