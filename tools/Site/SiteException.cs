namespace EdgeInference.Site;

/// <summary>The site cannot be built; the message says where and what to do.</summary>
/// <param name="message">A sentence.</param>
internal sealed class SiteException(string message) : Exception(message);
