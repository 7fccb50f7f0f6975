using System.Globalization;
using System.Xml.Linq;

namespace EdgeInference.Tool.Tests.Report;

/// <summary>Finds things in a report, which is well-formed XML.</summary>
internal sealed class ReportPageReader
{
    private readonly Dictionary<string, XElement> byId;

    internal ReportPageReader(string html)
    {
        Html = html;
        Root = XDocument.Parse(html).Root!;
        byId = Root.Descendants().Where(element => element.Attribute("id") is not null).ToDictionary(element => (string)element.Attribute("id")!);
    }

    internal string Html { get; }

    internal XElement Root { get; }

    internal bool Has(string identifier) => byId.ContainsKey(identifier);

    internal string Text(string identifier) => byId[identifier].Value;

    internal int Count(string identifier) => int.Parse(Text(identifier), CultureInfo.InvariantCulture);

    internal XElement Section(string identifier) => byId[identifier];
}
