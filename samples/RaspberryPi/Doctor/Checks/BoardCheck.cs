namespace EdgeDevice;

/// <summary>Which board this is.</summary>
internal sealed class BoardCheck : ICheck
{
    public string Name => "board";

    public IEnumerable<Finding> Run(Examination examination)
    {
        Board board = examination.Board;
        yield return board.IsRaspberryPi ? Finding.Ok($"{board.Model}.")
            : Finding.Ok(board.Model.Length > 0 ? $"This is no Raspberry Pi: {board.Model}." : "This is no Raspberry Pi.");
    }
}
