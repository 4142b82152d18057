import Compression
import Dispatch
import HTTPMessages
import Promises
import Studies
import StudyDefinitions

/// Examples of data sets as pictures.
extension TuningAPI {
  var pictureRoutes: [Route] {
    [Route("/v1/datasets/{name}/examples/{index}.png", .get(query: ["part"], getPicture))]
  }

  @Sendable private func getPicture(_ request: RouteRequest) async throws(APIProblem) -> HTTPResponse {
    let (name, type) = (request["name"], "image/png")
    try accept(request, type)
    let part = try Self.part(request.query)
    try await examined(name)
    guard let facts = configuration.context.dataset(name) else { throw .notFound("There is no data set \"\(name)\".") }
    guard !facts.isResults, ExamplePicture.isShape(facts.shape), let shown = configuration.pictures else {
      throw .notFound("The examples of data set \(name) are not pictures.")
    }
    let count = part == .first ? facts.examples : facts.secondPartExamples
    guard let index = Int(request["index"]), "\(index)" == request["index"], (0..<count).contains(index) else {
      throw .notFound(
        count == 0
          ? "Data set \(name) has no second part."
          : "The \(part.rawValue) part of data set \(name) has no example \(request["index"]); it has \(count), "
            + "counted from 0.")
    }
    let headers = HTTPHeaders([
      ("Content-Type", type), ("Cache-Control", "private, max-age=3600"),
      ("ETag", "\"\(facts.sha256.prefix(16))-\(part.rawValue)-\(index)\""),
    ])
    let known = HTTPResponse(status: 200, headers: headers)
    if Conditions.isNotModified(request.http, known) { return known }
    let picture = try await pictures.make { () async throws(APIProblem) in
      do throws(DatasetRefusal) { return try await shown.picture(dataset: name, part, index) } catch {
        throw APIProblem(error)
      }
    }
    let bytes = await DispatchQueue.global().value {
      PNG.encode(
        width: picture.width, height: picture.height, channels: picture.channels, pixels: picture.pixels)
    }
    return HTTPResponse(status: 200, headers: headers, body: bytes)
  }

  private static func part(_ query: Query) throws(APIProblem) -> DatasetPart {
    guard let text = query["part"] else { return .first }
    guard let part = DatasetPart(rawValue: text) else {
      throw .badQuery("part", "part is \"\(text)\"; it should be first or second.")
    }
    return part
  }
}
