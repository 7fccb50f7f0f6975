using System.Globalization;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Commands;

/// <summary>What emitted code takes on a board: that of <c>--board</c>, with whether it fits, or an ESP32.</summary>
internal sealed record EmitCost(EmittedModel Model, NanoBoard? Board, NanoForm? Form)
{
    /// <summary>The board that was asked for, or null.</summary>
    internal string? Name => Board?.Name;

    /// <summary>Time of one inference.</summary>
    internal double Milliseconds => (Board ?? NanoBoard.Esp32).Milliseconds(Model.MachineInstructions);

    /// <summary>Whether it fits the board that was asked for, in a few words; null without one.</summary>
    internal string? Fits => Form is null ? null : Board!.Fit(Form);

    /// <summary>The cost of code that was emitted.</summary>
    /// <param name="model">The code.</param>
    /// <param name="bytes">The .edge file.</param>
    /// <param name="board">The board that was asked for, or null.</param>
    internal static EmitCost Of(EmittedModel model, ReadOnlyMemory<byte> bytes, NanoBoard? board)
    {
        if (board is null)
        {
            return new EmitCost(model, null, null);
        }

        var nano = NanoCost.Of(bytes, board);
        return new EmitCost(model, board, model.Resource is not null ? nano.Resource : model.Instructions == 0 ? nano.Table : nano.Emitted ?? NanoCost.EmittedForm(ModelFile.Read(new ModelBytes(bytes)), model));
    }

    /// <summary>Says it.</summary>
    internal void Say()
    {
        Terminal.Notes.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"About {Model.MachineInstructions:N0} machine instructions per inference, {Milliseconds:0.0} ms on {(Board ?? NanoBoard.Esp32).WithArticle} (estimated).{(Model.NeedsEngine ? " Needs the assembly EdgeInference.Nano." : "")}"));
        if (Form is not null)
        {
            Terminal.Notes.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Fits {Name}: {Fits}; {Form.RamBytes:N0} of {Board!.HeapBytes:N0} bytes of heap, {Form.FlashBytes:N0} of {Board.DeploymentBytes:N0} bytes of flash. {Board.Assumptions}"));
        }
    }
}
