using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;
using EdgeInference.Tool.Report.Charts;

namespace EdgeInference.Tool.Report.Sections;

/// <summary>What each operator of the file costs.</summary>
internal static class OperatorSection
{
    internal static Section Make(ReportFacts facts)
    {
        OperatorRecord[] records = facts.Model.File.Operators;
        bool nano = facts.Summary.Nano is not null;
        long most = Math.Max(1, facts.Summary.Operators.Max(row => row.MultiplyAccumulates));
        string table = HtmlParts.Table(
            ["#", "operator", "input", "output", "constant bytes", "MACs", "", "instructions on nanoFramework"],
            facts.Summary.Operators.Select((row, i) => (string[])
            [
                $"{row.Index}",
                Html.Escape(row.Operator + (row.Activation.Length > 0 ? " + " + row.Activation : "")),
                Html.Escape(row.Input),
                Html.Escape(row.Output),
                Html.Count(row.ConstantBytes),
                Html.Count(row.MultiplyAccumulates),
                HtmlParts.Meter((double)row.MultiplyAccumulates / most),
                nano ? Html.Count(NanoCost.Instructions(facts.Model.File, records[i])) : "n/a",
            ]),
            texts: 4);
        string note = nano
            ? "MACs: multiply-accumulates. Instructions: estimated from what the loops of EdgeInference.Nano took on a 32-bit Arm; on nanoFramework the time is proportional to them."
            : Html.Escape(facts.Summary.NanoProblem);
        return new Section("operators", "Operators", table + HtmlParts.Note(note));
    }
}
