/// The API's description (OpenAPI 3.1), embedded from `Resources/openapi.json`.
enum OpenAPIDescription {
  /// The document's bytes.
  static let bytes: [UInt8] = PackageResources.openapi_json
  /// Their tag.
  static let tag = EntityTag.of(bytes)
}
