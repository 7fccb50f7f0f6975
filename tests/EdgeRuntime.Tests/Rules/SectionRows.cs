using System.Buffers.Binary;
using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>The section table, and the sections of names and self-test vectors.</summary>
internal sealed class SectionRows : RuleRows
{
    protected override void Add()
    {
        AddCounts();
        AddPlaces();
        AddSelfTests();
        AddNames();
    }

    private void AddCounts()
    {
        Bad("no section", "header", 22, "it declares 0 sections, more than the file can hold", Empty(0, 0));
        Bad("a section where there is no room for its entry", "header", 22, "it declares 1 sections, more than the file can hold", Empty(0, 1));
        Bad("a section whose entry lacks a byte", "header", 22, "it declares 1 sections, more than the file can hold", Empty(7, 1));
        Bad("65,535 sections", "header", 22, "it declares 65535 sections, more than the file can hold", Empty(24, 65535));
        Bad("one section more than there is room for", "header", 22, "it declares 4 sections, more than the file can hold", Empty(24, 4));
        Bad("as many sections as there is room for", "tensors", 48, "it holds 0 tensors; 1 to 65535 are allowed", Empty(24, 3));
    }

    private void AddPlaces()
    {
        Good("sections in any order", Edited(sections => sections.Reverse()));
        Good("a section of identifier 7", Edited(sections => sections.Add((7, [1, 2, 3]))));
        Good("two sections of identifier 7", Edited(sections => sections.AddRange([(7, [1, 2, 3]), (7, [1])])));
        Good("two sections of identifier 0", Edited(sections => sections.AddRange([(0, [1, 2, 3]), (0, [1])])));
        Good("a section of identifier -1", Edited(sections => sections.Insert(0, (-1, [1, 2, 3, 4, 5]))));
        Good("an empty section at the end of all", Edited(sections => sections.AddRange([(7, [1, 2, 3, 4]), (8, [])])));
        Bad("one section", "section table", "section 1 is missing", Edited(sections => sections.RemoveAll(entry => entry.Id != 3)), _ => 24);
        for (int id = 1; id <= 3; id++)
        {
            int section = id;
            Bad($"section {id} is missing", "section table", $"section {id} is missing", Edited(sections => sections.RemoveAll(entry => entry.Id == section)), _ => 24);
            Bad($"section {id} twice", "section table", $"section {id} appears twice", Edited(sections => sections.Add((section, [1, 2, 3, 4]))), _ => 24 + (3 * 8));
        }

        for (int id = 4; id <= 6; id++)
        {
            int section = id;
            Bad($"section {id} twice", "section table", $"section {id} appears twice", Edited(sections => sections.AddRange([(section, [1, 2, 3, 4]), (section, [1, 2, 3, 4])])), _ => 24 + (4 * 8));
        }

        const string Outside = "section 7 is not within the file";
        foreach (int size in new[] { 5, 8, -1, int.MinValue, int.MaxValue })
        {
            Bad($"a last section of {size} bytes where there are 4", "section table", 48, Outside, Last(size, 4));
        }

        Bad("a last section one byte shorter than the file", "section table", "the sections end at byte 103 but the model ends at byte 104", Padded(3), _ => 24);
        Good("a last section that ends with the file", Padded(4));
        RawModel cut = Edited(sections => sections.AddRange([(7, [1]), (8, [])]));
        cut.Edit = bytes => Shorter(bytes, 1);
        Bad("an empty section whose place is past the end", "section table", "section 8 is not within the file", cut, _ => 56);
        RawModel longer = Plain();
        longer.Edit = bytes => Shorter(bytes, -4);
        byte[] file = longer.Build();
        Bad("four bytes after the last section", "section table", 24, $"the sections end at byte {file.Length - 4} but the model ends at byte {file.Length}", file);
        RawModel less = Plain();
        less.Edit = bytes => Shorter(bytes, 1);
        Bad("a last section that lacks its last byte", "section table", "section 3 is not within the file", less, _ => 40);

        byte[] Last(int size, int bytes)
        {
            RawModel model = Edited(sections => sections.Add((7, new byte[bytes])));
            model.Edit = file =>
            {
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(52), size);
                return file;
            };
            return model.Build();
        }

        RawModel Padded(int size)
        {
            RawModel model = Edited(sections => sections.Add((7, new byte[4])));
            model.Edit = file =>
            {
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(52), size);
                return file;
            };
            return model;
        }
    }

    private void AddSelfTests()
    {
        // Two inputs of four bytes, two outputs of four.
        foreach (int vectors in new[] { 1, 2, 3 })
        {
            Good($"{vectors} vectors", Tested(Plain(), 16 * vectors));
        }

        const string Unfit = "the self-test vectors do not fit the model's inputs and outputs";
        foreach (int size in new[] { 1, 8, 15, 17, 24 })
        {
            Bad($"{size} bytes of vectors", "self-test", Unfit, Tested(Plain(), size), model => model.Starts[6]);
        }

        Good("int8 inputs are float32 in vectors", Tested(One(Opcode.Table, I8, [2], [2], [], model => [model.Bytes([256], new sbyte[256])]), 10));
        Bad("int8 inputs as bytes in vectors", "self-test", Unfit, Tested(One(Opcode.Table, I8, [2], [2], [], model => [model.Bytes([256], new sbyte[256])]), 4), model => model.Starts[6]);

        static RawModel Tested(RawModel model, int size)
        {
            model.SelfTest = new byte[size];
            return model;
        }
    }

    private void AddNames()
    {
        Good("a name for each tensor", Named([1, 65, 0]));
        Good("a name of 127 bytes", Named([.. RawModel.Text(new string('a', 127)), 0]));
        Good("two bytes for a length of 0", Named([0, 128, 0]));
        Good("a name of 128 bytes", Named([.. RawModel.Text(new string('a', 128)), .. RawModel.Text(new string('b', 32767))]));
        const string Unfit = "there is not one name for each tensor";
        foreach ((string name, byte[] names) in new[]
        {
            ("a name less", new byte[] { 1, 65 }), ("one empty name", [0]), ("a name more", [0, 0, 0]), ("a last name without its end", [0, 2, 65]), ("a long length without its second byte", [0, 128]),
            ("a long name without its end", [0, .. RawModel.Text(new string('a', 128))[..^1]]), ("a name one byte shorter than its bytes", [0, 1, 65, 66]),
        })
        {
            Bad(name, "tensor names", Unfit, Named(names), model => model.Starts[5]);
        }

        static RawModel Named(byte[] names)
        {
            RawModel model = Plain();
            model.Names = names;
            return model;
        }
    }

    private static byte[] Shorter(byte[] bytes, int by)
    {
        byte[] changed = by > 0 ? bytes[..^by] : [.. bytes, .. new byte[-by]];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(8), changed.Length);
        return changed;
    }

    // A header, and zeros for the rest.
    private static byte[] Empty(int rest, int sections)
    {
        byte[] file = new byte[24 + rest];
        Plain().Build().AsSpan(0, 24).CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), file.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(22), (ushort)sections);
        for (int i = 0; i < rest / 8; i++)
        {
            file[24 + (8 * i)] = (byte)(i + 1);
        }

        return RawModel.Checked(file);
    }

    private static RawModel Edited(Action<List<(int Id, byte[] Data)>> edit)
    {
        RawModel model = Plain();
        model.EditSections = edit;
        return model;
    }

    private static RawModel Plain() => One(Opcode.Activation, F32, [2], [2], [0, 0, 0]);
}
