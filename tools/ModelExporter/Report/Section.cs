namespace EdgeInference.Tool.Report;

/// <summary>One part of a report.</summary>
/// <param name="Identifier">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Body">HTML that is well-formed XML too.</param>
internal sealed record Section(string Identifier, string Title, string Body);
