using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Import;
using EdgeInference.Runtime;
using EdgeInference.Tool.Summaries;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge inspect</c>: what is in a model file.</summary>
internal static class InspectCommand
{
    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = $"An .edge file, or a trained model: {string.Join(", ", ModelImporter.Extensions)}." };
        Option<string?> board = BoardOption.Create();
        Option<bool> json = CommonOptions.Json();
        var source = new SourceOptions();
        var command = new Command("inspect", "Shows inputs, outputs, decision, operators, scales and sizes of a model; of a trained model, the graph before and after the passes.") { model, board, json };
        source.AddTo(command);
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(model);
            NanoBoard? asked = BoardOption.Of(result, board);
            if (ModelImporter.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            {
                if (asked is not null)
                {
                    throw new UsageException($"--board is for .edge files, and '{path}' is a trained model; 'edge export' it first.");
                }

                ShowGraph(path, source.Of(result), result.GetValue(json));
                return EdgeCommand.Done;
            }

            using EdgeModel edge = ModelLoader.Load(path);
            var summary = ModelSummary.Of(edge, asked);
            if (result.GetValue(json))
            {
                JsonOutput.Print(summary);
            }
            else
            {
                Print(path, summary);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static void ShowGraph(string path, ImportOptions options, bool json)
    {
        var summary = GraphSummary.Of(ModelImporter.Import(path, options));
        if (json)
        {
            JsonOutput.Print(summary);
        }
        else
        {
            GraphPrinter.Print(path, summary);
        }
    }

    private static void Print(string path, ModelSummary summary)
    {
        IAnsiConsole console = Terminal.Console;
        ContractPrinter.Print(console, summary.Contract);
        var facts = new Grid().AddColumn().AddColumn();
        facts.AddRow("file", Markup.Escape(path));
        facts.AddRow("name", Markup.Escape(summary.Name));
        facts.AddRow("precision", summary.Precision);
        facts.AddRow("file bytes", Number(summary.FileBytes));
        facts.AddRow("constant bytes", Number(summary.ConstantBytes));
        facts.AddRow("arena bytes", Number(summary.ArenaBytes));
        if (summary.Runtime is { } runtime)
        {
            facts.AddRow("session bytes", $"{Number(runtime.SessionBytes)} for each session: arena, scratch {Number(runtime.ScratchBytes)}, arguments {Number(runtime.SessionBytes - runtime.ScratchBytes - summary.ArenaBytes)}");
            facts.AddRow("packed bytes", $"{Number(runtime.PackedBytes)} once for all sessions, for the instruction set of this machine");
        }

        facts.AddRow("multiply-accumulates", Number(summary.MultiplyAccumulates));
        facts.AddRow("self-test vectors", Number(summary.SelfTestVectors));
        if (summary.Learning is { } learning)
        {
            facts.AddRow("learns", Markup.Escape(learning.HeadsText));
            facts.AddRow("", string.Create(CultureInfo.InvariantCulture, $"stores {learning.StoredSamples:N0} samples, {learning.Passes} passes over them after each new one; moves a logit by {learning.MaxLogitChange:0.##} at most"));
            facts.AddRow("", string.Create(CultureInfo.InvariantCulture, $"{learning.MemoryBytes:N0} bytes of RAM beside the session, state file of {learning.StateBytes:N0} bytes, {learning.SelfTestSamples} labelled self-test samples"));
        }

        console.Write(facts);
        PrintParts(console, summary);

        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("#", "operator", "input", "output", "constants", "MACs");
        foreach (OperatorSummary row in summary.Operators)
        {
            table.AddRow(
                Number(row.Index), Markup.Escape(row.Operator + (row.Activation.Length > 0 ? " + " + row.Activation : "")),
                Markup.Escape(row.Input), Markup.Escape(row.Output), Number(row.ConstantBytes), Number(row.MultiplyAccumulates));
        }

        console.Write(table);
        if (summary.Nano is { } nano)
        {
            PrintNano(console, nano, summary.Board);
        }
        else
        {
            console.WriteLine(summary.NanoProblem);
        }
    }

    private static void PrintParts(IAnsiConsole console, ModelSummary summary)
    {
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("part of the file", "bytes", "%");
        foreach (FilePartSummary part in summary.FileParts)
        {
            table.AddRow(Markup.Escape(part.Part), Number(part.Bytes), (100.0 * part.Bytes / summary.FileBytes).ToString("0.0", CultureInfo.InvariantCulture));
        }

        console.Write(table);
    }

    private static void PrintNano(IAnsiConsole console, NanoEstimate nano, BoardSummary? board)
    {
        var memory = new Spectre.Console.Table { Border = Terminal.Border, Title = new TableTitle("nanoFramework, bytes (estimated)") };
        memory.AddColumns("form", "arena", "packed", "session", "heap", "with file", "flash", "assemblies");
        var time = new Spectre.Console.Table { Border = Terminal.Border, Title = new TableTitle("nanoFramework, milliseconds (estimated)") };
        time.AddColumns(["form", "instructions", .. NanoBoard.Usual.Select(board => $"{board.Name} {board.Megahertz} MHz")]);
        memory.Columns[0].NoWrap();
        foreach ((string name, NanoForm form) in nano.Forms)
        {
            memory.AddRow(name, Number(form.ArenaBytes), Number(form.PackedBytes), Number(form.SessionBytes), Number(form.HeapBytes), Number(form.RamBytes), Number(form.FlashBytes), Number(form.Assemblies));
            time.AddRow([name, Number(form.Instructions), .. form.MillisecondsByBoard.Values.Select(milliseconds => milliseconds.ToString("0.00", CultureInfo.InvariantCulture))]);
        }

        console.Write(memory);
        if (board is null)
        {
            console.Write(time);
        }
        else
        {
            PrintBoard(console, board);
        }

        if (nano.NotEmitted.Length > 0)
        {
            console.WriteLine(nano.NotEmitted);
        }

        foreach (string warning in nano.Warnings)
        {
            console.WriteLine("Warning: " + warning);
        }
    }

    private static void PrintBoard(IAnsiConsole console, BoardSummary board)
    {
        var table = new Spectre.Console.Table { Border = Terminal.Border, Title = new TableTitle($"{board.Name}, {board.Megahertz} MHz, {Number(board.RamKilobytes)} KB of RAM, firmware {board.Target} (estimated)") };
        table.AddColumns("form", "milliseconds", $"heap, of {Number(board.HeapBytes)}", $"flash, of {Number(board.DeploymentBytes)}", "fits");
        table.Columns[0].NoWrap();
        foreach (BoardFormSummary form in board.Forms)
        {
            table.AddRow(form.Form, form.Milliseconds.ToString("0.00", CultureInfo.InvariantCulture), Number(form.HeapBytes), Number(form.FlashBytes), form.Fits);
        }

        console.Write(table);
        console.WriteLine(board.Assumptions + (board.PsramBytes > 0 ? $" With PSRAM the heap has {Number(board.PsramBytes)} bytes." : ""));
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
