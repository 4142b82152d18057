extension ConnectionEventTable {
  typealias Row = (before: String, after: [Event: String])

  /// What each state looks like, and what each event does there. An event that a row does not name changes nothing that
  /// can be seen.
  static let expected: [State: Row] = [
    .idle: (
      "request",
      [
        .part: "head, holds 1",
        .rest: "handle /next, answer",
        .bad: "head, holds 1",
        .endInput: "close, end",
        .timeOut: "close, end",
        .stop: "close, end",
      ]
    ),
    .emptyLine: (
      "head, holds 1",
      [
        .part: "request",
        .rest: "handle /next, answer",
        .bad: "400 last, close then, end",
        .endInput: "close, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .head: (
      "head, holds 18",
      [
        .part: "head, holds 19",
        .rest: "handle /g, answer",
        .bad: "400 last, close then, end",
        .endInput: "400 last, close then, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .headStopping: (
      "head, holds 18",
      [
        .part: "head, holds 19",
        .rest: "handle /g, answer",
        .bad: "400 last, close then, end",
        .endInput: "400 last, close then, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .collecting: (
      "body 1, holds 1",
      [
        .part: "body 2, holds 2",
        .rest: "handle /p xyz, answer",
        .bad: "body 2, holds 2",
        .endInput: "400 last, close then, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .collectingStopping: (
      "body 1, holds 1",
      [
        .part: "body 2, holds 2",
        .rest: "handle /p xyz, answer",
        .bad: "body 2, holds 2",
        .endInput: "400 last, close then, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .promised: (
      "body 0",
      [
        .part: "handle /p y, answer",
        .rest: "handle /p y, answer",
        .bad: "handle /p y, answer",
        .endInput: "400 last, close then, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .collectingChunks: (
      "body 1",
      [
        .part: "body 2",
        .rest: "handle /p ab, answer",
        .bad: "400 last, close then, end",
        .endInput: "400 last, close then, end",
        .timeOut: "408 last, close then, end",
        .shed: "503 last, close then, end",
      ]
    ),
    .answering: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .respond: "200, answer; written: request",
        .respondByStream: "200, begin chunks, answer",
      ]
    ),
    .answeringStopping: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .respond: "200 last, close then, end",
        .respondByStream: "503 last, close then, end",
      ]
    ),
    .answeringLast: (
      "answer, deaf",
      [
        .respond: "200 last, close then, end",
        .respondByStream: "200 last, begin chunks, answer, deaf",
      ]
    ),
    .answeringOld: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .respond: "200 old, answer; written: request",
        .respondByStream: "200 old last, begin bytes, answer",
      ]
    ),
    .answeringHead: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .respond: "200 head, answer; written: request",
        .respondByStream: "200 head, answer; written: request",
      ]
    ),
    .pipelined: (
      "answer, holds 46",
      [
        .part: "answer, holds 19",
        .rest: "answer, holds 28",
        .bad: "answer, holds 21",
        .endInput: "answer, deaf, holds 46",
        .respond: "200, answer, holds 46; written: head",
        .respondByStream: "200, begin chunks, answer, holds 46",
      ]
    ),
    .pipelinedLast: (
      "answer, deaf, holds 56",
      [
        .respond: "200, answer, deaf, holds 56; written: handle /b, answer",
        .respondByStream: "200, begin chunks, answer, deaf, holds 56",
      ]
    ),
    .uploading: (
      "body 1",
      [
        .part: "piece y, body 2",
        .rest: "piece yz, whole, answer",
        .bad: "piece y, body 2",
        .endInput: "broken 400, answer, deaf",
        .respond: "200 last, close then, end",
        .respondByStream: "200 last, begin chunks, answer, deaf",
        .timeOut: "broken 408, answer, deaf",
      ]
    ),
    .uploadingStopping: (
      "body 1",
      [
        .part: "piece y, body 2",
        .rest: "piece yz, whole, answer",
        .bad: "piece y, body 2",
        .endInput: "broken 400, answer, deaf",
        .respond: "200 last, close then, end",
        .respondByStream: "503 last, close then, end",
        .timeOut: "broken 408, answer, deaf",
      ]
    ),
    .uploadAsked: (
      "answer",
      [
        .part: "piece y, whole, answer",
        .rest: "piece y, whole, answer",
        .bad: "piece y, whole, answer",
        .endInput: "broken 400, answer, deaf",
        .readsBody: "100, body 0",
        .respond: "200 last, close then, end",
        .respondByStream: "200 last, begin chunks, answer, deaf",
      ]
    ),
    .uploadingChunks: (
      "body 1",
      [
        .part: "body 2",
        .rest: "piece ab, whole, answer",
        .bad: "broken 400, answer, deaf",
        .endInput: "broken 400, answer, deaf",
        .respond: "200 last, close then, end",
        .respondByStream: "200 last, begin chunks, answer, deaf",
        .timeOut: "broken 408, answer, deaf",
      ]
    ),
    .uploaded: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .respond: "200, answer; written: request",
        .respondByStream: "200, begin chunks, answer",
      ]
    ),
    .uploadBroken: (
      "answer, deaf",
      [
        .respond: "200 last, close then, end",
        .respondByStream: "200 last, begin chunks, answer, deaf",
      ]
    ),
    .streaming: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .streamEnds: "answer; written: request",
        .streamBreaks: "close then, end",
        .stop: "cut, close then, end",
      ]
    ),
    .streamingOld: (
      "answer",
      [
        .part: "answer, holds 1",
        .rest: "answer, holds 31",
        .bad: "answer, holds 1",
        .endInput: "answer, deaf",
        .streamEnds: "close then, end",
        .streamBreaks: "close then, end",
        .stop: "cut, close then, end",
      ]
    ),
    .streamingPipelined: (
      "answer, holds 46",
      [
        .part: "answer, holds 19",
        .rest: "answer, holds 28",
        .bad: "answer, holds 21",
        .endInput: "answer, deaf, holds 46",
        .streamEnds: "answer, holds 46; written: head",
        .streamBreaks: "close then, end",
        .stop: "cut, close then, end",
      ]
    ),
    .streamingLast: (
      "answer, deaf",
      [
        .streamEnds: "answer, deaf; written: close, end",
        .streamBreaks: "close then, end",
        .stop: "cut, close then, end",
      ]
    ),
    .sending: (
      "answer; written: request",
      [
        .part: "answer, holds 1; written: head",
        .rest: "answer, holds 31; written: handle /next, answer",
        .bad: "answer, holds 1; written: head",
        .endInput: "answer, deaf; written: close, end",
        .written: "request",
        .stop: "answer; written: close, end",
      ]
    ),
    .sendingStopping: (
      "answer; written: close, end",
      [
        .part: "answer, holds 1; written: head",
        .rest: "answer, holds 31; written: handle /next, answer",
        .bad: "answer, holds 1; written: head",
        .endInput: "answer, deaf; written: close, end",
        .written: "close, end",
      ]
    ),
    .sendingPipelined: (
      "answer, holds 46; written: head",
      [
        .part: "answer, holds 19; written: head",
        .rest: "answer, holds 28; written: handle /b, answer",
        .bad: "answer, holds 21; written: 400 last, close then, end",
        .endInput: "answer, deaf, holds 46; written: 400 last, close then, end",
        .written: "head, holds 46",
      ]
    ),
    .closing: ("end", [:]),
    .closed: ("end", [:]),
  ]
}
