namespace EdgeInference.ModelFormat
{
    /// <summary>Reads the sections of a model file in order, trusting nothing that it has not checked.</summary>
    internal sealed partial class ModelFileReader
    {
        private readonly ModelBytes bytes;
        private readonly long maxSteps;
        private int length;
        private int arenaBytes;
        private int[] sectionStart;
        private int[] sectionLength;
        private TensorInfo[] tensors;
        private int[] records;
        private OperatorRecord[] operators;
        private bool[] written;
        private int constantsEnd;

        internal ModelFileReader(ModelBytes bytes, long maxSteps)
        {
            this.bytes = bytes;
            this.maxSteps = maxSteps;
        }

        internal ModelFile Read()
        {
            ReadHeader();
            ReadSectionTable();
            ReadTensors();
            ModelMetadata metadata = new ModelMetadata(bytes, sectionStart[FormatLayout.ContractSection], sectionLength[FormatLayout.ContractSection]);
            TensorInfo[] inputs = ReadInputs(metadata);
            int inputLength = Elements(inputs, metadata.PayloadOffset(MetadataKey.Inputs), "inputs");
            ReadOperators();
            byte[] roles;
            TensorInfo[] outputs = ReadOutputs(metadata, out roles);
            new LifetimeCheck(tensors, operators).Run(inputs, outputs);
            int outputLength = Elements(outputs, metadata.PayloadOffset(MetadataKey.Outputs), "outputs");
            metadata.Check();
            CheckTensorNames();
            CheckSelfTest(inputLength, outputs);
            ModelTables tables = new ModelTables(bytes, records, tensors, operators);
            ReadDecision(tables, metadata, roles, inputLength, outputLength);
            ModelFile file = new ModelFile(bytes, length, arenaBytes, tables, inputs, outputs, metadata, sectionStart, sectionLength);
            CheckAdaptation(file);
            return file;
        }

        // Nothing in nanoFramework's engine, which has no room for it.
        static partial void CheckAdaptation(ModelFile file);

        // Nothing in an engine without a classifier.
        partial void ReadDecision(ModelTables tables, ModelMetadata metadata, byte[] roles, int inputLength, int outputLength);

        // A tensor may be named many times, so that the sum can pass what an int holds.
        private static int Elements(TensorInfo[] list, int offset, string name)
        {
            long sum = 0;
            for (int i = 0; i < list.Length; i++)
            {
                sum += list[i].Elements;
            }

            if (sum > FormatLayout.MaxArenaBytes)
            {
                throw new ModelFormatException("contract", offset, "the " + name + " have more than " + FormatLayout.MaxArenaBytes.ToString() + " values together");
            }

            return (int)sum;
        }

        private void ReadHeader()
        {
            if (bytes.Length < FormatLayout.HeaderBytes)
            {
                throw new ModelFormatException("header", bytes.Length, "the file is shorter than its header; check that it is a complete .edge file");
            }

            if (bytes.I32(FormatLayout.MagicOffset) != FormatLayout.Magic)
            {
                throw new ModelFormatException("header", FormatLayout.MagicOffset, "it does not begin with 'EDGE', so it is not an .edge file; make one with 'edge export' or 'edge train'");
            }

            int major = bytes.U16(FormatLayout.MajorVersionOffset);
            if (major != FormatLayout.MajorVersion)
            {
                throw new ModelFormatException("header", FormatLayout.MajorVersionOffset, "format version " + major.ToString() + " is not supported; expected " + FormatLayout.MajorVersion.ToString() + "; export the model again with this version's tool");
            }

            length = bytes.I32(FormatLayout.LengthOffset);
            if (length < FormatLayout.HeaderBytes || length > bytes.Length)
            {
                throw new ModelFormatException("header", FormatLayout.LengthOffset, "it declares " + length.ToString() + " bytes but has " + bytes.Length.ToString() + "; copy the file again");
            }

            if (length != bytes.Length && !SignatureBlock.IsBlock(bytes, length))
            {
                throw new ModelFormatException("signature", length, "the bytes after the model are not a signature block; copy the file again");
            }

            uint crc = bytes.Crc32(0, length, FormatLayout.CrcOffset);
            if (crc != (uint)bytes.I32(FormatLayout.CrcOffset))
            {
                throw new ModelFormatException("header", FormatLayout.CrcOffset, "the CRC-32 does not match, so the file is damaged; copy it again");
            }

            if (bytes.U16(FormatLayout.FlagsOffset) != 0)
            {
                throw new ModelFormatException("header", FormatLayout.FlagsOffset, "it sets an unknown flag; update the runtime");
            }

            arenaBytes = bytes.I32(FormatLayout.ArenaBytesOffset);
            if (arenaBytes < 0 || arenaBytes > FormatLayout.MaxArenaBytes)
            {
                throw new ModelFormatException("header", FormatLayout.ArenaBytesOffset, "it asks for an arena of " + ((uint)arenaBytes).ToString() + " bytes, more than the " + FormatLayout.MaxArenaBytes.ToString() + " allowed");
            }
        }

        private void ReadSectionTable()
        {
            int count = bytes.U16(FormatLayout.SectionCountOffset);
            if (count < 1 || count > (length - FormatLayout.HeaderBytes) / FormatLayout.SectionEntryBytes)
            {
                throw new ModelFormatException("header", FormatLayout.SectionCountOffset, "it declares " + count.ToString() + " sections, more than the file can hold");
            }

            sectionStart = new int[FormatLayout.SelfTestSection + 1];
            sectionLength = new int[FormatLayout.SelfTestSection + 1];
            int position = FormatLayout.HeaderBytes + (count * FormatLayout.SectionEntryBytes);
            for (int i = 0; i < count; i++)
            {
                int entry = FormatLayout.HeaderBytes + (i * FormatLayout.SectionEntryBytes);
                int id = bytes.I32(entry);
                int size = bytes.I32(entry + 4);
                int alignment = id == FormatLayout.ConstantsSection ? FormatLayout.ConstantsAlignment : FormatLayout.SectionAlignment;
                int start = (position + alignment - 1) & -alignment;
                if (start > length || size < 0 || size > length - start)
                {
                    throw new ModelFormatException("section table", entry, "section " + ((uint)id).ToString() + " is not within the file");
                }

                position = start + size;
                if (id < FormatLayout.TensorsSection || id > FormatLayout.SelfTestSection)
                {
                    continue;
                }

                if (sectionStart[id] != 0)
                {
                    throw new ModelFormatException("section table", entry, "section " + id.ToString() + " appears twice");
                }

                sectionStart[id] = start;
                sectionLength[id] = size;
            }

            if (position != length)
            {
                throw new ModelFormatException("section table", FormatLayout.HeaderBytes, "the sections end at byte " + position.ToString() + " but the model ends at byte " + length.ToString());
            }

            for (int id = FormatLayout.TensorsSection; id <= FormatLayout.ContractSection; id++)
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
            int end = start + sectionLength[FormatLayout.TensorsSection];
            int count = 0;
            for (int position = start; position < end; count++)
            {
                position += TensorBytes(position, end);
            }

            if (count == 0 || count > FormatLayout.MaxTensors)
            {
                throw new ModelFormatException("tensors", start, "it holds " + count.ToString() + " tensors; 1 to " + FormatLayout.MaxTensors.ToString() + " are allowed");
            }

            tensors = new TensorInfo[count];
            written = new bool[count];
            records = new int[count];
            int offset = start;
            for (int i = 0; i < count; i++)
            {
                records[i] = offset;
                tensors[i] = ReadTensor(i, offset);
                offset += TensorBytes(offset, end);
            }

            if (constantsEnd < sectionLength[FormatLayout.ConstantsSection])
            {
                throw new ModelFormatException("constants", sectionStart[FormatLayout.ConstantsSection], "it has " + sectionLength[FormatLayout.ConstantsSection].ToString() + " bytes but the constants take " + constantsEnd.ToString());
            }
        }

        private int TensorBytes(int position, int end)
        {
            int size = FormatLayout.TensorHeaderBytes;
            if (end - position >= size)
            {
                int kind = bytes.U8(position + FormatLayout.TensorKindOffset);
                size += bytes.U8(position + FormatLayout.TensorRankOffset) * ((kind & FormatLayout.TensorWideFlag) != 0 ? 4 : 2);
                size += (kind & FormatLayout.TensorQuantizedFlag) != 0 ? FormatLayout.TensorQuantizationBytes : 0;
                size += StorageOf(kind) != (int)TensorStorage.Constant ? FormatLayout.TensorPlaceBytes : 0;
            }

            if (end - position < size)
            {
                throw new ModelFormatException("tensors", position, "the section ends within a tensor");
            }

            return size;
        }

        private static int StorageOf(int kind)
        {
            return (kind >> FormatLayout.TensorStorageShift) & 3;
        }

        private TensorInfo ReadTensor(int index, int offset)
        {
            int kind = bytes.U8(offset + FormatLayout.TensorKindOffset);
            TensorType type = (TensorType)(kind & FormatLayout.TensorTypeMask);
            int storage = StorageOf(kind);
            int rank = bytes.U8(offset + FormatLayout.TensorRankOffset);
            int elementBytes = TensorTypes.SizeOf(type);
            if (elementBytes == 0 || rank > FormatLayout.MaxRank || storage > (int)TensorStorage.State || kind >= 2 * FormatLayout.TensorWideFlag)
            {
                throw TensorFault(index, offset, " has an unknown type, rank or storage");
            }

            long elements = 1;
            bool constant = storage == (int)TensorStorage.Constant;
            bool wide = (kind & FormatLayout.TensorWideFlag) != 0;
            int position = offset + FormatLayout.TensorHeaderBytes + (constant ? 0 : FormatLayout.TensorPlaceBytes);
            for (int i = 0; i < rank; i++)
            {
                int dimension = wide ? bytes.I32(position) : bytes.U16(position);
                if (dimension < 1)
                {
                    throw TensorFault(index, position, " has a dimension of " + dimension.ToString());
                }

                // Checked at each step, so that the product can never overflow before it is refused.
                elements *= dimension;
                if (elements * elementBytes > FormatLayout.MaxArenaBytes)
                {
                    throw TensorFault(index, position, " is larger than " + FormatLayout.MaxArenaBytes.ToString() + " bytes");
                }

                position += wide ? 4 : 2;
            }

            // A constant follows the one before it, from the next multiple of its element's size on.
            int size = (int)elements * elementBytes;
            int start = constant ? (constantsEnd + elementBytes - 1) & -elementBytes : bytes.I32(offset + FormatLayout.TensorPlaceOffset);
            int limit = constant ? sectionLength[FormatLayout.ConstantsSection] : arenaBytes;
            if (start < 0 || start > limit - size || start % elementBytes != 0)
            {
                throw TensorFault(index, offset + (constant ? 0 : FormatLayout.TensorPlaceOffset), " is not within the " + (constant ? "constants" : "arena"));
            }

            if (constant)
            {
                constantsEnd = start + size;
                start += sectionStart[FormatLayout.ConstantsSection];
            }

            TensorInfo tensor = new TensorInfo(bytes, index, offset, start);
            if (tensor.IsQuantized)
            {
                CheckQuantization(tensor, position);
            }

            return tensor;
        }

        private static void CheckQuantization(TensorInfo tensor, int offset)
        {
            // A NaN fails the first comparison and an infinity the second.
            if (!(tensor.Scale > 0f) || tensor.Scale - tensor.Scale != 0f)
            {
                throw TensorFault(tensor.Index, offset, " has a scale that is not a finite number above 0");
            }

            if (tensor.Type == TensorType.Float32)
            {
                throw TensorFault(tensor.Index, offset + 4, " is float32 but has a scale");
            }

            // 16 bits hold it.
            bool small = tensor.Type == TensorType.Int8 && tensor.ZeroPoint >= -128 && tensor.ZeroPoint <= 127;
            if (tensor.ZeroPoint != 0 && tensor.Type != TensorType.Int16 && !small)
            {
                throw TensorFault(tensor.Index, offset + 4, " has a zero point outside its type");
            }
        }

        // Names are put together for a fault only: texts that are dropped leave holes in a device's heap.
        private static ModelFormatException TensorFault(int index, int offset, string problem)
        {
            return new ModelFormatException("tensors", offset, "tensor " + index.ToString() + problem);
        }

        private TensorInfo[] ReadInputs(ModelMetadata metadata)
        {
            int start = RequiredRecord(metadata, MetadataKey.Inputs, "inputs");
            int end = start + metadata.PayloadLength(MetadataKey.Inputs);
            TensorInfo[] inputs = new TensorInfo[CountEntries(start, end, 2)];
            int position = start;
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = TensorAt("contract", bytes.U16(position), position);
                if (inputs[i].Storage != TensorStorage.Arena)
                {
                    throw new ModelFormatException("contract", position, "input " + i.ToString() + " is not in the arena");
                }

                written[inputs[i].Index] = true;
                position = TextList.Next(bytes, position + 2, end);
            }

            return inputs;
        }

        private TensorInfo[] ReadOutputs(ModelMetadata metadata, out byte[] roles)
        {
            int start = RequiredRecord(metadata, MetadataKey.Outputs, "outputs");
            int end = start + metadata.PayloadLength(MetadataKey.Outputs);
            TensorInfo[] outputs = new TensorInfo[CountEntries(start, end, 3)];
            roles = new byte[outputs.Length];
            int position = start;
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = TensorAt("contract", bytes.U16(position), position);
                if (outputs[i].Storage == TensorStorage.Arena && !written[outputs[i].Index])
                {
                    throw new ModelFormatException("contract", position, "no operator writes output " + i.ToString());
                }

                int role = bytes.U8(position + 2);
                if (role > (int)OutputRole.State)
                {
                    throw new ModelFormatException("contract", position + 2, "output " + i.ToString() + " has an unknown role; update the runtime");
                }

                roles[i] = (byte)role;
                position = TextList.Next(bytes, position + 3, end);
            }

            return outputs;
        }

        private static int RequiredRecord(ModelMetadata metadata, MetadataKey key, string name)
        {
            int offset = metadata.PayloadOffset(key);
            if (offset < 0)
            {
                throw new ModelFormatException("contract", 0, "the record of the " + name + " is missing");
            }

            return offset;
        }

        // Entries of so many bytes, each followed by a name.
        private int CountEntries(int start, int end, int entryBytes)
        {
            int count = 0;
            int position = start;
            while (position < end)
            {
                position = end - position < entryBytes ? end + 1 : TextList.Next(bytes, position + entryBytes, end);
                count++;
            }

            if (position != end || count == 0)
            {
                throw new ModelFormatException("contract", start, "the number of inputs or outputs does not fit the record");
            }

            return count;
        }

        private void CheckTensorNames()
        {
            int start = sectionStart[FormatLayout.TensorNamesSection];
            int size = sectionLength[FormatLayout.TensorNamesSection];
            if (size > 0 && TextList.Count(bytes, start, start + size) != tensors.Length)
            {
                throw new ModelFormatException("tensor names", start, "there is not one name for each tensor");
            }
        }

        // Inputs in float32, then the bytes of the outputs for each.
        private void CheckSelfTest(int inputLength, TensorInfo[] outputs)
        {
            long vector = 4L * inputLength;
            for (int i = 0; i < outputs.Length; i++)
            {
                vector += outputs[i].Bytes;
            }

            if (sectionLength[FormatLayout.SelfTestSection] % vector != 0)
            {
                throw new ModelFormatException("self-test", sectionStart[FormatLayout.SelfTestSection], "the self-test vectors do not fit the model's inputs and outputs");
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
            long stepsLeft = maxSteps;
            for (int i = 0; i < count; i++)
            {
                operators[i] = ReadOperator(offset);
                RequireKernel(operators[i]);
                OperatorTable.Check(new OperatorCheck(operators[i], i, bytes));
                long steps = OperatorSteps.Of(operators[i], bytes);
                if (steps > stepsLeft)
                {
                    throw new ModelFormatException("operators", offset, "with operator " + i.ToString() + " (" + operators[i].Name + ") one inference takes more than " + maxSteps.ToString() + " steps; raise the limit of steps to load it");
                }

                stepsLeft -= steps;
                offset += OperatorBytes(offset, end);
            }
        }

        // Nothing where the engine asks later.
        static partial void RequireKernel(OperatorRecord record);

        private int OperatorBytes(int position, int end)
        {
            int size = FormatLayout.OperatorHeaderBytes;
            if (end - position >= size)
            {
                int parameters = bytes.U8(position + FormatLayout.OperatorParametersOffset);
                size += 2 * (bytes.U8(position + FormatLayout.OperatorInputsOffset) + bytes.U8(position + FormatLayout.OperatorOutputsOffset));
                int codes = position + size;
                size += (parameters + 3) >> 2;
                if (end - position >= size)
                {
                    for (int i = 0; i < parameters; i++)
                    {
                        size += OperatorRecord.ParameterBytes(OperatorRecord.ParameterCode(bytes, codes, i));
                    }
                }
            }

            if (end - position < size)
            {
                throw new ModelFormatException("operators", position, "the section ends within an operator");
            }

            return size;
        }

        private OperatorRecord ReadOperator(int offset)
        {
            int opcode = bytes.U8(offset + FormatLayout.OperatorOpcodeOffset);
            int form = OperatorTable.FormOf(opcode);
            if (form == 0)
            {
                throw new ModelFormatException("operators", offset, "this engine has no operator number " + opcode.ToString() + "; update the runtime or export the model for this version");
            }

            int inputCount = bytes.U8(offset + FormatLayout.OperatorInputsOffset);
            int outputCount = bytes.U8(offset + FormatLayout.OperatorOutputsOffset);
            bool arity = inputCount >= OperatorTable.MinInputs(form) && inputCount <= OperatorTable.MaxInputs(form) && outputCount == OperatorTable.Outputs(form);
            if (!arity || bytes.U8(offset + FormatLayout.OperatorParametersOffset) != OperatorTable.Parameters(form))
            {
                throw Fault(opcode, offset, " has the wrong number of inputs, outputs or parameters");
            }

            int position = offset + FormatLayout.OperatorHeaderBytes;
            TensorInfo[] inputs = new TensorInfo[inputCount];
            for (int i = 0; i < inputCount; i++, position += 2)
            {
                int index = bytes.U16(position);
                if (index == FormatLayout.AbsentTensor && i >= 1)
                {
                    continue;
                }

                inputs[i] = TensorAt("operators", index, position);
                if (inputs[i].Storage == TensorStorage.Arena && !written[index])
                {
                    throw Fault(opcode, position, " reads tensor " + index.ToString() + " before it is written");
                }
            }

            TensorInfo[] outputs = new TensorInfo[outputCount];
            for (int i = 0; i < outputCount; i++, position += 2)
            {
                int index = bytes.U16(position);
                outputs[i] = TensorAt("operators", index, position);
                if (outputs[i].Storage == TensorStorage.Constant)
                {
                    throw Fault(opcode, position, " writes to a constant");
                }

                written[index] = true;
            }

            CheckParameterCodes(opcode, form, position);
            return new OperatorRecord(bytes, (Opcode)opcode, offset, inputs, outputs, position);
        }

        // A float32 takes four bytes or none.
        private void CheckParameterCodes(int opcode, int form, int position)
        {
            for (int i = 0; i < OperatorTable.Parameters(form); i++)
            {
                int code = OperatorRecord.ParameterCode(bytes, position, i);
                if (code != 0 && code != 3 && OperatorTable.IsFloat(form, i))
                {
                    throw Fault(opcode, position, " has a number that is not four bytes long");
                }
            }
        }

        private static ModelFormatException Fault(int opcode, int offset, string problem)
        {
            return new ModelFormatException("operators", offset, OperatorNames.Of((Opcode)opcode) + problem);
        }

        private TensorInfo TensorAt(string section, int index, int position)
        {
            if (index >= tensors.Length)
            {
                throw new ModelFormatException(section, position, "tensor " + index.ToString() + " does not exist");
            }

            return tensors[index];
        }
    }
}
