namespace ModelFormat
{
    /// <summary>Reads the sections of a model file in order, trusting nothing that it has not checked.</summary>
    internal sealed class ModelFileReader
    {
        private readonly ModelBytes bytes;
        private int length;
        private int arenaBytes;
        private int[] sectionStart;
        private int[] sectionLength;
        private TensorRecord[] tensors;
        private OperatorRecord[] operators;
        private bool[] written;

        internal ModelFileReader(ModelBytes bytes)
        {
            this.bytes = bytes;
        }

        internal ModelFile Read()
        {
            ReadHeader();
            ReadSectionTable();
            ReadTensors();
            int interfaceStart = sectionStart[FormatLayout.InterfaceSection];
            int position = interfaceStart;
            TensorRecord[] inputs = ReadInterfaceList(ref position);
            TensorRecord[] outputs = ReadInterfaceList(ref position);
            if (position != interfaceStart + sectionLength[FormatLayout.InterfaceSection])
            {
                throw new ModelFormatException("interface", position, "bytes are left over after the outputs");
            }

            MarkInputs(inputs, interfaceStart);
            ReadOperators();
            CheckOutputs(outputs, interfaceStart);
            ModelMetadata metadata = new ModelMetadata(bytes, sectionStart[FormatLayout.MetadataSection], sectionLength[FormatLayout.MetadataSection]);
            DecisionMetadata decision = new DecisionMetadata(metadata, outputs.Length, Elements(inputs), Elements(outputs));
            return new ModelFile(bytes, length, arenaBytes, tensors, operators, inputs, outputs, metadata, decision);
        }

        // An input may be named many times, so that the sum can pass what an int holds.
        private static int Elements(TensorRecord[] list)
        {
            long sum = 0;
            for (int i = 0; i < list.Length; i++)
            {
                sum += list[i].Elements;
            }

            return sum > int.MaxValue ? int.MaxValue : (int)sum;
        }

        private void ReadHeader()
        {
            if (bytes.Length < FormatLayout.HeaderBytes)
            {
                throw new ModelFormatException("header", bytes.Length, "the file ends before its header does; is it an .edge file, and whole");
            }

            if (bytes.I32(FormatLayout.MagicOffset) != FormatLayout.Magic)
            {
                throw new ModelFormatException("header", FormatLayout.MagicOffset, "it does not begin with 'EDGE', so it is not an .edge file; make one with 'edge export' or 'edge train'");
            }

            int major = bytes.U16(FormatLayout.MajorVersionOffset);
            if (major != FormatLayout.MajorVersion)
            {
                throw new ModelFormatException("header", FormatLayout.MajorVersionOffset, "it is of format version " + major.ToString() + " where this reader knows version " + FormatLayout.MajorVersion.ToString() + "; export the model again with this version's tool");
            }

            length = bytes.I32(FormatLayout.LengthOffset);
            if (length < FormatLayout.HeaderBytes || length > bytes.Length)
            {
                throw new ModelFormatException("header", FormatLayout.LengthOffset, "it declares " + length.ToString() + " bytes and has " + bytes.Length.ToString() + "; copy the file again");
            }

            if (length != bytes.Length && !SignatureBlock.IsBlock(bytes, length))
            {
                throw new ModelFormatException("signature", length, "the bytes after the model are no signature block; copy the file again");
            }

            uint crc = bytes.Crc32(0, length, FormatLayout.CrcOffset);
            if (crc != (uint)bytes.I32(FormatLayout.CrcOffset))
            {
                throw new ModelFormatException("header", FormatLayout.CrcOffset, "the CRC-32 does not match, so the file is damaged; copy it again");
            }

            if (bytes.I32(FormatLayout.FlagsOffset) != 0)
            {
                throw new ModelFormatException("header", FormatLayout.FlagsOffset, "it sets a flag that this reader does not know; update the runtime");
            }

            arenaBytes = bytes.I32(FormatLayout.ArenaBytesOffset);
            if (arenaBytes < 0 || arenaBytes > FormatLayout.MaxArenaBytes)
            {
                throw new ModelFormatException("header", FormatLayout.ArenaBytesOffset, "it asks for an arena of " + ((uint)arenaBytes).ToString() + " bytes, more than the " + FormatLayout.MaxArenaBytes.ToString() + " allowed");
            }
        }

        private void ReadSectionTable()
        {
            int count = bytes.I32(FormatLayout.SectionCountOffset);
            if (count < 1 || count > (length - FormatLayout.HeaderBytes) / FormatLayout.SectionEntryBytes)
            {
                throw new ModelFormatException("header", FormatLayout.SectionCountOffset, "it declares " + ((uint)count).ToString() + " sections, more than fit into the file");
            }

            sectionStart = new int[FormatLayout.MetadataSection + 1];
            sectionLength = new int[FormatLayout.MetadataSection + 1];
            int tableEnd = FormatLayout.HeaderBytes + (count * FormatLayout.SectionEntryBytes);
            for (int i = 0; i < count; i++)
            {
                int entry = FormatLayout.HeaderBytes + (i * FormatLayout.SectionEntryBytes);
                int id = bytes.I32(entry);
                int start = bytes.I32(entry + 4);
                int size = bytes.I32(entry + 8);
                if (start < tableEnd || size < 0 || start > length || size > length - start || (start & 3) != 0)
                {
                    throw new ModelFormatException("section table", entry, "section " + ((uint)id).ToString() + " does not lie within the file");
                }

                if (id < FormatLayout.TensorsSection || id > FormatLayout.MetadataSection)
                {
                    continue;
                }

                if (sectionStart[id] != 0)
                {
                    throw new ModelFormatException("section table", entry, "section " + id.ToString() + " is there twice");
                }

                sectionStart[id] = start;
                sectionLength[id] = size;
            }

            for (int id = FormatLayout.TensorsSection; id <= FormatLayout.InterfaceSection; id++)
            {
                if (sectionStart[id] == 0)
                {
                    throw new ModelFormatException("section table", FormatLayout.HeaderBytes, "section " + id.ToString() + " is missing");
                }
            }
        }

        private void ReadTensors()
        {
            int start = sectionStart[FormatLayout.TensorsSection];
            int size = sectionLength[FormatLayout.TensorsSection];
            int count = size / FormatLayout.TensorRecordBytes;
            if (count * FormatLayout.TensorRecordBytes != size || count == 0)
            {
                throw new ModelFormatException("tensors", start, "its length is not a number of tensor records");
            }

            tensors = new TensorRecord[count];
            written = new bool[count];
            for (int i = 0; i < count; i++)
            {
                tensors[i] = ReadTensor(i, start + (i * FormatLayout.TensorRecordBytes));
            }

            for (int i = 0; i < count; i++)
            {
                CheckChannelScales(tensors[i], start + (i * FormatLayout.TensorRecordBytes));
            }
        }

        private TensorRecord ReadTensor(int index, int offset)
        {
            TensorType type = (TensorType)bytes.U8(offset + FormatLayout.TensorTypeOffset);
            int elementBytes = TensorTypes.SizeOf(type);
            int rank = bytes.U8(offset + FormatLayout.TensorRankOffset);
            int storage = bytes.U8(offset + FormatLayout.TensorStorageOffset);
            int quantized = bytes.U8(offset + FormatLayout.TensorQuantizedOffset);
            string name = "tensor " + index.ToString();
            if (elementBytes == 0 || rank > FormatLayout.MaxRank || storage > (int)TensorStorage.State || quantized > 1)
            {
                throw new ModelFormatException("tensors", offset, name + " has a type, rank or storage that does not exist");
            }

            int[] shape = new int[rank];
            long elements = 1;
            for (int i = 0; i < FormatLayout.MaxRank; i++)
            {
                int size = bytes.I32(offset + FormatLayout.TensorShapeOffset + (i * 4));
                if (size < 1 || (i >= rank && size != 1))
                {
                    throw new ModelFormatException("tensors", offset + FormatLayout.TensorShapeOffset + (i * 4), name + " has a dimension of " + size.ToString());
                }

                // Checked at each step, so that the product can never overflow before it is refused.
                elements *= size;
                if (elements * elementBytes > FormatLayout.MaxArenaBytes)
                {
                    throw new ModelFormatException("tensors", offset + FormatLayout.TensorShapeOffset, name + " is larger than " + FormatLayout.MaxArenaBytes.ToString() + " bytes");
                }

                if (i < rank)
                {
                    shape[i] = size;
                }
            }

            int data = bytes.I32(offset + FormatLayout.TensorDataOffset);
            int dataBytes = (int)elements * elementBytes;
            bool constant = storage == (int)TensorStorage.Constant;
            int limit = constant ? sectionLength[FormatLayout.ConstantsSection] : arenaBytes;
            if (data < 0 || data > limit - dataBytes || data % elementBytes != 0)
            {
                throw new ModelFormatException("tensors", offset + FormatLayout.TensorDataOffset, name + " does not lie within the " + (constant ? "constants" : "arena"));
            }

            int position = constant ? sectionStart[FormatLayout.ConstantsSection] + data : data;
            TensorRecord tensor = new TensorRecord(index, type, (TensorStorage)storage, shape, (int)elements, position);
            tensor.IsQuantized = quantized == 1;
            tensor.Scale = bytes.F32(offset + FormatLayout.TensorScaleOffset);
            tensor.ZeroPoint = bytes.I32(offset + FormatLayout.TensorZeroPointOffset);
            tensor.ScalesTensor = bytes.I32(offset + FormatLayout.TensorScalesOffset);
            tensor.ChannelAxis = bytes.I32(offset + FormatLayout.TensorAxisOffset);
            CheckQuantization(tensor, offset, name);
            return tensor;
        }

        private static void CheckQuantization(TensorRecord tensor, int offset, string name)
        {
            if (!tensor.IsQuantized)
            {
                return;
            }

            // A NaN fails the first comparison and an infinity the second.
            if (!(tensor.Scale > 0f) || tensor.Scale - tensor.Scale != 0f)
            {
                throw new ModelFormatException("tensors", offset + FormatLayout.TensorScaleOffset, name + " has a scale that is not a finite number above 0");
            }

            int limit = tensor.Type == TensorType.Int8 ? 128 : tensor.Type == TensorType.Int16 ? 32768 : 1;
            if (tensor.ZeroPoint < -limit || tensor.ZeroPoint >= limit || tensor.Type == TensorType.Float32)
            {
                throw new ModelFormatException("tensors", offset + FormatLayout.TensorZeroPointOffset, name + " has a zero point outside its type");
            }
        }

        private void CheckChannelScales(TensorRecord tensor, int offset)
        {
            if (!tensor.IsQuantized || tensor.ScalesTensor == -1)
            {
                return;
            }

            bool good = tensor.ScalesTensor >= 0 && tensor.ScalesTensor < tensors.Length && tensor.ChannelAxis >= 0 && tensor.ChannelAxis < tensor.Rank;
            if (good)
            {
                TensorRecord scales = tensors[tensor.ScalesTensor];
                good = scales.Type == TensorType.Float32 && scales.Storage == TensorStorage.Constant && scales.Elements == tensor.Dimension(tensor.ChannelAxis);
            }

            if (!good)
            {
                throw new ModelFormatException("tensors", offset + FormatLayout.TensorScalesOffset, "tensor " + tensor.Index.ToString() + " names channel scales that do not fit it");
            }
        }

        private TensorRecord[] ReadInterfaceList(ref int position)
        {
            int end = sectionStart[FormatLayout.InterfaceSection] + sectionLength[FormatLayout.InterfaceSection];
            int count = end - position >= 4 ? bytes.I32(position) : -1;
            if (count < 1 || count > (end - position - 4) / 4)
            {
                throw new ModelFormatException("interface", position, "the number of inputs or outputs does not fit the section");
            }

            position += 4;
            TensorRecord[] list = new TensorRecord[count];
            for (int i = 0; i < count; i++)
            {
                int index = bytes.I32(position);
                if (index < 0 || index >= tensors.Length)
                {
                    throw new ModelFormatException("interface", position, "there is no tensor " + index.ToString());
                }

                list[i] = tensors[index];
                position += 4;
            }

            return list;
        }

        private void MarkInputs(TensorRecord[] inputs, int offset)
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i].Storage != TensorStorage.Arena)
                {
                    throw new ModelFormatException("interface", offset, "input " + i.ToString() + " does not live in the arena");
                }

                written[inputs[i].Index] = true;
            }
        }

        private void CheckOutputs(TensorRecord[] outputs, int offset)
        {
            for (int i = 0; i < outputs.Length; i++)
            {
                if (outputs[i].Storage == TensorStorage.Arena && !written[outputs[i].Index])
                {
                    throw new ModelFormatException("interface", offset, "no operator writes output " + i.ToString());
                }
            }
        }

        private void ReadOperators()
        {
            int start = sectionStart[FormatLayout.OperatorsSection];
            int end = start + sectionLength[FormatLayout.OperatorsSection];
            int count = 0;
            for (int position = start; position < end; count++)
            {
                position += OperatorBytes(position, end);
            }

            operators = new OperatorRecord[count];
            int offset = start;
            for (int i = 0; i < count; i++)
            {
                operators[i] = ReadOperator(offset);
                operators[i].Info.Rule(new OperatorCheck(operators[i], i, bytes));
                offset += bytes.U16(offset + FormatLayout.OperatorSizeOffset);
            }
        }

        private int OperatorBytes(int position, int end)
        {
            if (end - position < FormatLayout.OperatorHeaderBytes)
            {
                throw new ModelFormatException("operators", position, "the section ends within an operator");
            }

            int size = bytes.U16(position + FormatLayout.OperatorSizeOffset);
            int inputs = bytes.U8(position + FormatLayout.OperatorInputsOffset);
            int outputs = bytes.U8(position + FormatLayout.OperatorOutputsOffset);
            int parameters = bytes.U16(position + FormatLayout.OperatorParametersOffset);
            if (size > end - position || size != FormatLayout.OperatorHeaderBytes + (4 * (inputs + outputs + parameters)))
            {
                throw new ModelFormatException("operators", position, "the operator's size does not match its inputs, outputs and parameters");
            }

            return size;
        }

        private OperatorRecord ReadOperator(int offset)
        {
            int opcode = bytes.U16(offset + FormatLayout.OperatorOpcodeOffset);
            OperatorInfo info = OperatorTable.Find(opcode);
            if (info == null)
            {
                throw new ModelFormatException("operators", offset, "this engine has no operator number " + opcode.ToString() + "; update the runtime or export the model for this version");
            }

            int inputCount = bytes.U8(offset + FormatLayout.OperatorInputsOffset);
            int outputCount = bytes.U8(offset + FormatLayout.OperatorOutputsOffset);
            bool arity = inputCount >= info.MinInputs && inputCount <= info.MaxInputs;
            arity = arity && (info.Outputs < 0 ? outputCount >= 1 : outputCount == info.Outputs);
            if (!arity || bytes.U16(offset + FormatLayout.OperatorParametersOffset) != info.Parameters.Length)
            {
                throw new ModelFormatException("operators", offset, info.Name + " has a number of inputs, outputs or parameters that it cannot have");
            }

            int position = offset + FormatLayout.OperatorHeaderBytes;
            TensorRecord[] inputs = new TensorRecord[inputCount];
            for (int i = 0; i < inputCount; i++, position += 4)
            {
                int index = bytes.I32(position);
                if (index == -1 && i >= 1)
                {
                    continue;
                }

                inputs[i] = TensorAt(index, position);
                if (inputs[i].Storage == TensorStorage.Arena && !written[index])
                {
                    throw new ModelFormatException("operators", position, info.Name + " reads tensor " + index.ToString() + " before anything writes it");
                }
            }

            TensorRecord[] outputs = new TensorRecord[outputCount];
            for (int i = 0; i < outputCount; i++, position += 4)
            {
                int index = bytes.I32(position);
                outputs[i] = TensorAt(index, position);
                if (outputs[i].Storage == TensorStorage.Constant)
                {
                    throw new ModelFormatException("operators", position, info.Name + " writes to a constant");
                }

                written[index] = true;
            }

            return new OperatorRecord(bytes, info, offset, inputs, outputs, position);
        }

        private TensorRecord TensorAt(int index, int position)
        {
            if (index < 0 || index >= tensors.Length)
            {
                throw new ModelFormatException("operators", position, "there is no tensor " + index.ToString());
            }

            return tensors[index];
        }
    }
}
