using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.Tool.Summaries;

/// <summary>One form of a model on a board.</summary>
/// <param name="Form">The form.</param>
/// <param name="Milliseconds">Time of one inference, estimated.</param>
/// <param name="HeapBytes">Managed heap that it takes, with the file where that lies in RAM.</param>
/// <param name="FlashBytes">Bytes of the deployment region that it takes.</param>
/// <param name="Fits">Whether it fits, in a few words.</param>
internal sealed record BoardFormSummary(string Form, double Milliseconds, int HeapBytes, int FlashBytes, string Fits);

/// <summary>A model on the board that was asked for.</summary>
internal sealed record BoardSummary(
    string Name, string Target, int Megahertz, int RamKilobytes, int HeapBytes, int PsramBytes, int DeploymentBytes, string Assumptions, IReadOnlyList<BoardFormSummary> Forms)
{
    internal static BoardSummary Of(NanoBoard board, NanoEstimate nano) => new(
        board.Name, board.Target, board.Megahertz, board.RamKilobytes, board.HeapBytes, board.PsramBytes, board.DeploymentBytes, board.Assumptions,
        [.. nano.Forms.Select(form => new BoardFormSummary(form.Name, board.Milliseconds(form.Form.Instructions), form.Form.RamBytes, form.Form.FlashBytes, board.Fit(form.Form)))]);
}
