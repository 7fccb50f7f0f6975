using System.CommandLine;
using EdgeInference.ModelConverter.Emit;

namespace EdgeInference.Tool.Commands;

/// <summary><c>--board</c>: the board that times and fits are given for.</summary>
internal static class BoardOption
{
    internal static Option<string?> Create() => new Option<string?>("--board") { Description = $"The nanoFramework board to estimate for: {NanoBoard.Names}, or its firmware's target." }.Offer(NanoBoard.All.Select(board => board.Name.ToLowerInvariant()));

    /// <summary>The board, or null where none is named.</summary>
    /// <exception cref="InputException">There is no such board.</exception>
    internal static NanoBoard? Of(ParseResult result, Option<string?> option) =>
        result.GetValue(option) is not { } name ? null : NanoBoard.Find(name) ?? throw new UsageException($"--board '{name}' is not known; use one of {NanoBoard.Names}.");
}
